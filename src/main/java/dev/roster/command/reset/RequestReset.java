package dev.roster.command.reset;

import dev.roster.user.EmailAddress;

/**
 * The command to send a link with which a user can set a new password: the body of {@code POST /auth/password-reset}.
 */
public record RequestReset(EmailAddress email) {}
