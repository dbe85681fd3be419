package dev.roster.command.registration;

import dev.roster.password.NewPassword;
import dev.roster.user.EmailAddress;
import dev.roster.user.JsonObject;
import dev.roster.user.PersonName;
import dev.roster.user.Role;
import org.jspecify.annotations.Nullable;

/**
 * A user to be created.
 *
 * @param role null for the default
 * @param password null if the user cannot log in yet
 */
public record NewUser(
        PersonName name,
        EmailAddress email,
        @Nullable Role role,
        JsonObject profile,
        @Nullable NewPassword password) {

    Role roleOrDefault() {
        return role == null ? Role.DEFAULT : role;
    }
}
