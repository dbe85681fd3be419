package dev.roster.command.user;

import dev.roster.password.NewPassword;
import dev.roster.password.Password;
import dev.roster.user.EmailAddress;
import dev.roster.user.PersonName;
import dev.roster.user.Role;
import dev.roster.user.User;
import io.dropwizard.validation.selfvalidating.SelfValidating;
import io.dropwizard.validation.selfvalidating.SelfValidation;
import io.dropwizard.validation.selfvalidating.ViolationCollector;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** The changes to a user: the body of {@code PUT /users/{id}}. A null member leaves the value unchanged. */
@SelfValidating
public record UserChanges(
        @Nullable PersonName name,
        @Nullable EmailAddress email,
        @Nullable Role role,
        @Nullable NewPassword password,
        @Nullable Password currentPassword) {

    /** Checks the rules across members. */
    @SelfValidation
    public void validate(ViolationCollector violations) {
        if (isEmpty()) {
            violations.addViolation("must have one of: name, email, role, password");
        }
        if (password != null && currentPassword == null) {
            violations.addViolation("currentPassword", "is required with password");
        }
    }

    /** These changes without the values that the user has already. A password is always a change. */
    UserChanges relativeTo(User user) {
        return new UserChanges(
                name == null || name.value().equals(user.name()) ? null : name,
                email == null || email.value().equals(user.email()) ? null : email,
                role == null || role.value().equals(user.role()) ? null : role,
                password,
                currentPassword);
    }

    boolean isEmpty() {
        return name == null && email == null && role == null && password == null;
    }

    /** The names of the given members other than the passwords, separated by commas. */
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
