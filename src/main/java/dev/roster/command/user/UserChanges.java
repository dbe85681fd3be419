package dev.roster.command.user;

import dev.roster.http.body.AtLeastOneOf;
import dev.roster.http.body.JsonBody;
import dev.roster.http.body.RequiredWith;
import dev.roster.password.NewPassword;
import dev.roster.password.Password;
import dev.roster.user.EmailAddress;
import dev.roster.user.PersonName;
import dev.roster.user.Role;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** What is to become of a user: the body of {@code PUT /users/{id}}. What is null stays as it is. */
@AtLeastOneOf({"name", "email", "role", "password"})
public record UserChanges(
        @Nullable PersonName name,
        @Nullable EmailAddress email,
        @Nullable Role role,
        @Nullable NewPassword password,
        @Nullable @RequiredWith("password") Password currentPassword)
        implements JsonBody {

    /** Those of the members that are there and no password, parted by commas. */
    String detailNames() {
        StringJoiner names = new StringJoiner(",");
        if (name != null) {
            names.add("name");
        }
        if (email != null) {
            names.add("email");
        }
        if (role != null) {
            names.add("role");
        }
        return names.toString();
    }
}
