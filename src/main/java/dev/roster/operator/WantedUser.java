package dev.roster.operator;

import dev.roster.command.registration.NewUser;
import dev.roster.password.NewPassword;
import dev.roster.user.ChosenRole;
import dev.roster.user.EmailAddress;
import dev.roster.user.JsonObject;
import dev.roster.user.PersonName;
import org.jspecify.annotations.Nullable;

/**
 * A user that an operator wants to create.
 *
 * @param role any role; null for the default
 * @param password null if nobody can log in yet
 */
public record WantedUser(
        PersonName name,
        EmailAddress email,
        @Nullable ChosenRole role,
        @Nullable NewPassword password) {

    NewUser user() {
        return new NewUser(name, email, role == null ? null : role.role(), JsonObject.EMPTY, password);
    }
}
