package dev.roster.operator;

import dev.roster.http.body.BodyRules;
import dev.roster.password.NewPassword;
import dev.roster.profile.MetadataChange;
import dev.roster.profile.ProfileChange;
import dev.roster.refusal.ErrorCode;
import dev.roster.refusal.Reason;
import dev.roster.user.ChosenRole;
import dev.roster.user.EmailAddress;
import dev.roster.user.PersonName;
import dev.roster.user.Role;
import io.dropwizard.validation.selfvalidating.SelfValidating;
import io.dropwizard.validation.selfvalidating.SelfValidation;
import io.dropwizard.validation.selfvalidating.ViolationCollector;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An operator's changes to a user. A null member leaves the value unchanged.
 *
 * @param role any role, whether or not people may give it to themselves
 */
@SelfValidating
public record UserEdit(
        @Nullable PersonName name,
        @Nullable EmailAddress email,
        @Nullable ChosenRole role,
        @Nullable NewPassword password,
        @Nullable ProfileChange profile,
        @Nullable MetadataChange metadata) {

    private static final List<String> CHANGEABLE = List.of("name", "email", "role", "profile", "metadata", "password");
    private static final Reason NOTHING_TO_CHANGE =
            Reason.of(ErrorCode.MISSING_ANY, "must have one of: " + String.join(", ", CHANGEABLE), CHANGEABLE);

    /** Another role. */
    public static UserEdit of(Role role) {
        return new UserEdit(null, null, new ChosenRole(role, true), null, null, null);
    }

    /** Another password. */
    public static UserEdit of(NewPassword password) {
        return new UserEdit(null, null, null, password, null, null);
    }

    /** Checks the rules across members. */
    @SelfValidation
    public void validate(ViolationCollector violations) {
        if (Stream.of(name, email, role, profile, metadata, password).allMatch(value -> value == null)) {
            BodyRules.refuse(violations, NOTHING_TO_CHANGE);
        }
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
        return role == null ? null : role.role().value();
    }
}
