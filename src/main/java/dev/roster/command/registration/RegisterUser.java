package dev.roster.command.registration;

import dev.roster.password.NewPassword;
import dev.roster.profile.ProfileChange;
import dev.roster.refusal.RefusedException;
import dev.roster.user.EmailAddress;
import dev.roster.user.JsonObject;
import dev.roster.user.PersonName;
import dev.roster.user.Role;
import org.jspecify.annotations.Nullable;

/** The command to add a user: the body of {@code POST /auth/register}. */
public record RegisterUser(
        PersonName name,
        EmailAddress email,
        @Nullable Role role,
        @Nullable ProfileChange profile,
        NewPassword password) {

    /** @throws RefusedException {@code INVALID} if the profile breaks a rule */
    NewUser user() {
        JsonObject newProfile = profile == null
                ? JsonObject.EMPTY
                : profile.patch().mergeInto(JsonObject.EMPTY).object();
        return new NewUser(name, email, role, newProfile, password);
    }
}
