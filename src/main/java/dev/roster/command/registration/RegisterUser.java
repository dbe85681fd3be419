package dev.roster.command.registration;

import dev.roster.password.NewPassword;
import dev.roster.user.EmailAddress;
import dev.roster.user.PersonName;
import dev.roster.user.Role;
import org.jspecify.annotations.Nullable;

/** The command to add a user: the body of {@code POST /auth/register}. */
public record RegisterUser(
        PersonName name, EmailAddress email, @Nullable Role role, NewPassword password) {}
