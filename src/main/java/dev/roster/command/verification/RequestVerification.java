package dev.roster.command.verification;

import dev.roster.user.EmailAddress;

/** The command to send a link that proves an address: the body of {@code POST /auth/verification}. */
public record RequestVerification(EmailAddress email) {}
