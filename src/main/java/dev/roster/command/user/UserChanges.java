package dev.roster.command.user;

import dev.roster.password.NewPassword;
import dev.roster.password.Password;
import dev.roster.user.EmailAddress;
import dev.roster.user.PersonName;
import dev.roster.user.Role;
import io.dropwizard.validation.selfvalidating.SelfValidating;
import io.dropwizard.validation.selfvalidating.SelfValidation;
import io.dropwizard.validation.selfvalidating.ViolationCollector;
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
        if (name == null && email == null && role == null && password == null) {
            violations.addViolation("must have one of: name, email, role, password");
        }
        if (password != null && currentPassword == null) {
            violations.addViolation("currentPassword", "is required with password");
        }
    }
}
