package dev.roster.operator;

import dev.roster.command.registration.NewUser;
import dev.roster.http.body.BodyRules;
import dev.roster.password.NewPassword;
import dev.roster.refusal.ErrorCode;
import dev.roster.refusal.Reason;
import dev.roster.user.ChosenRole;
import dev.roster.user.EmailAddress;
import dev.roster.user.JsonObject;
import dev.roster.user.PersonName;
import io.dropwizard.validation.selfvalidating.SelfValidating;
import io.dropwizard.validation.selfvalidating.SelfValidation;
import io.dropwizard.validation.selfvalidating.ViolationCollector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A user that an operator wants to create.
 *
 * @param role any role; null for the default
 * @param password null if nobody can log in yet
 * @param invite whether the user gets a mail with a link to set the first password
 */
@SelfValidating
public record WantedUser(
        PersonName name,
        EmailAddress email,
        @Nullable ChosenRole role,
        @Nullable NewPassword password,
        @Nullable Boolean invite) {

    private static final Reason INVITED_WITH_PASSWORD =
            Reason.of(ErrorCode.NOT_ALLOWED, "must be false with a password", List.of("false"));

    /** Checks the rules across members. */
    @SelfValidation
    public void validate(ViolationCollector violations) {
        if (isInvited() && password != null) {
            BodyRules.refuse(violations, "invite", INVITED_WITH_PASSWORD);
        }
    }

    boolean isInvited() {
        return Boolean.TRUE.equals(invite);
    }

    NewUser user() {
        return new NewUser(name, email, role == null ? null : role.role(), JsonObject.EMPTY, password);
    }
}
