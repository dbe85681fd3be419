package dev.roster.operator;

import dev.roster.password.NewPassword;
import dev.roster.profile.MetadataChange;
import dev.roster.profile.ProfileChange;
import dev.roster.user.EmailAddress;
import dev.roster.user.PersonName;
import dev.roster.user.Role;
import org.jspecify.annotations.Nullable;

/** An operator's changes to a user. A null member leaves the value unchanged. */
public record UserEdit(
        @Nullable PersonName name,
        @Nullable EmailAddress email,
        @Nullable Role role,
        @Nullable NewPassword password,
        @Nullable ProfileChange profile,
        @Nullable MetadataChange metadata) {

    /** Another role. */
    public static UserEdit of(Role role) {
        return new UserEdit(null, null, role, null, null, null);
    }

    /** Another password. */
    public static UserEdit of(NewPassword password) {
        return new UserEdit(null, null, null, password, null, null);
    }

    @Nullable
    String nameText() {
        return name == null ? null : name.value();
    }

    @Nullable
    String emailText() {
        return email == null ? null : email.value();
    }

    @Nullable
    String roleText() {
        return role == null ? null : role.value();
    }
}
