package dev.roster.command.user;

import dev.roster.http.body.BodyRules;
import dev.roster.id.Ids;
import dev.roster.password.NewPassword;
import dev.roster.password.Password;
import dev.roster.profile.MergedObject;
import dev.roster.profile.ProfileChange;
import dev.roster.refusal.ErrorCode;
import dev.roster.refusal.InvalidMember;
import dev.roster.refusal.InvalidValueException;
import dev.roster.refusal.Reason;
import dev.roster.refusal.RefusedException;
import dev.roster.user.ChosenRole;
import dev.roster.user.EmailAddress;
import dev.roster.user.PersonName;
import dev.roster.user.StoredUser;
import dev.roster.user.User;
import io.dropwizard.validation.selfvalidating.SelfValidating;
import io.dropwizard.validation.selfvalidating.SelfValidation;
import io.dropwizard.validation.selfvalidating.ViolationCollector;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The changes to a user: the body of {@code PUT /users/{id}}. A null member leaves the value unchanged.
 *
 * @param id read-only, like all components after it: a client that sends back what it has read sends the value that
 *     the user has
 */
@SelfValidating
public record UserChanges(
        @Nullable PersonName name,
        @Nullable EmailAddress email,
        @Nullable ChosenRole role,
        @Nullable ProfileChange profile,
        @Nullable NewPassword password,
        @Nullable Password currentPassword,
        @Nullable UUID id,
        @Nullable Boolean emailVerified,
        @Nullable EmailAddress pendingEmail,
        @Nullable Instant createdAt,
        @Nullable Instant updatedAt) {

    private static final Reason READ_ONLY =
            Reason.of(ErrorCode.READ_ONLY, "is read-only, and the user has another value");

    private static final List<String> CHANGEABLE = List.of("name", "email", "role", "profile", "password");
    private static final Reason NOTHING_TO_CHANGE =
            Reason.of(ErrorCode.MISSING_ANY, "must have one of: " + String.join(", ", CHANGEABLE), CHANGEABLE);
    private static final Reason UNPROVEN =
            Reason.of(ErrorCode.MISSING_WITH, "is required with password", List.of("password"));

    /** Checks the rules across members. */
    @SelfValidation
    public void validate(ViolationCollector violations) {
        if (name == null && email == null && role == null && profile == null && password == null) {
            BodyRules.refuse(violations, NOTHING_TO_CHANGE);
        }
        if (password != null && currentPassword == null) {
            BodyRules.refuse(violations, "currentPassword", UNPROVEN);
        }
    }

    /** @throws InvalidValueException if the text is not a UUID */
    static UUID parseId(String text) {
        return Ids.parse(text).orElseThrow(() -> new InvalidValueException(ErrorCode.MALFORMED, "must be a UUID"));
    }

    /** @throws InvalidValueException if the text is not a time in the form of RFC 3339, with any offset */
    static Instant parseTime(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new InvalidValueException(ErrorCode.MALFORMED, "must be a time as in RFC 3339");
        }
    }

    /** Returns true if the changes may be valid for one user and invalid for another. */
    boolean dependOnTheUser() {
        return profile != null
                || id != null
                || emailVerified != null
                || pendingEmail != null
                || createdAt != null
                || updatedAt != null
                || (role != null && !role.isSelfAssignable());
    }

    /** Returns true if the role does not change, or is one that users may give themselves. */
    boolean isRoleAllowed(User user) {
        return role == null || role.isSelfAssignable() || role.role().value().equals(user.role());
    }

    /**
     * The user's profile with its changes; null if it does not change.
     *
     * @throws RefusedException {@code INVALID} if it breaks a rule
     */
    @Nullable
    MergedObject mergeProfile(User user) {
        MergedObject merged = profile == null ? null : profile.patch().mergeInto(user.profile());
        return merged != null && merged.isChanged() ? merged : null;
    }

    /** The read-only members whose values are not those of the user. */
    List<InvalidMember> changedReadOnlyMembers(StoredUser stored) {
        User user = stored.user();
        List<InvalidMember> changed = new ArrayList<>();
        addUnlessEqual(changed, "id", id, user.id());
        addUnlessEqual(changed, "email_verified", emailVerified, user.emailVerified());
        addUnlessEqual(
                changed, "pending_email", pendingEmail == null ? null : pendingEmail.value(), stored.pendingEmail());
        addUnlessEqual(changed, "created_at", createdAt, user.createdAt());
        addUnlessEqual(changed, "updated_at", updatedAt, user.updatedAt());
        return changed;
    }

    private static void addUnlessEqual(
            List<InvalidMember> changed, String name, @Nullable Object value, @Nullable Object present) {
        if (value != null && !value.equals(present)) {
            changed.add(new InvalidMember(name, READ_ONLY));
        }
    }
}
