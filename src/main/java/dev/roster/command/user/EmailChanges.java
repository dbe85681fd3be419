package dev.roster.command.user;

import dev.roster.audit.AuditEvent;
import dev.roster.command.Effects;
import dev.roster.mail.AddressMails;
import dev.roster.mail.MailLimits;
import dev.roster.mail.MailModule;
import dev.roster.mail.token.MailTokens;
import dev.roster.mail.token.Purpose;
import dev.roster.refusal.RefusedException;
import dev.roster.user.EmailAddress;
import dev.roster.user.StoredUser;
import dev.roster.user.User;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Decides what becomes of a new address: the user has it at once, or wants it until it is proven. Another spelling of
 * the present address needs no proof. Thread-safe.
 */
final class EmailChanges {
    private final AddressMails mails;
    private final MailLimits limits;
    private final MailTokens tokens;
    private final boolean isProven;
    private final boolean isOwnerHidden;

    EmailChanges(MailModule mail) {
        this.mails = mail.addressMails();
        this.limits = mail.limits();
        this.tokens = mail.tokens();
        this.isProven = mail.configuration().isChangeProven();
        this.isOwnerHidden = mail.configuration().isRegistrationProven();
    }

    /** Returns true if the changes may need the current password. {@link #needPassword} decides. */
    boolean mayNeedPassword(UserChanges changes) {
        return isProven && changes.email() != null;
    }

    /** Returns true if the changes have a new address, which needs a proof and so the current password. */
    boolean needPassword(UserChanges changes, String present) {
        return isProven && changes.email() != null && !changes.email().value().equalsIgnoreCase(present);
    }

    /** Returns true if every answer must hide that another user has the address. */
    boolean hideOwner() {
        return isOwnerHidden;
    }

    /** @param before the user before the change; null if it has no address */
    Decision decide(UserChanges changes, @Nullable StoredUser before) {
        EmailAddress email = changes.email();
        boolean hasNewPassword = changes.password() != null;
        if (email == null || before == null) {
            return new Decision(null, null, hasNewPassword);
        }
        if (needPassword(changes, before.user().email())) {
            return new Decision(null, email.value(), true);
        }
        boolean isSentBack = changes.pendingEmail() != null
                && email.value().equals(before.user().email());
        return new Decision(email.value(), null, hasNewPassword || !isSentBack);
    }

    /**
     * Writes the mails about a changed or wanted address.
     *
     * @param addressee of the mail to the wanted address
     */
    void tell(
            Handle handle,
            Effects effects,
            UpdateUser command,
            StoredUser before,
            StoredUser after,
            Addressee addressee) {
        User user = before.user();
        if (!after.hasAddressOf(before)) {
            mails.tellChanged(handle, user, after.user().email());
        } else if (after.pendingEmail() == null) {
            tokens.end(handle, user.id(), Purpose.CHANGE);
        } else if (needPassword(command.changes(), user.email())) {
            effects.record(command.event(AuditEvent.Type.EMAIL_CHANGE_REQUESTED));
            mails.ask(handle, user, after.pendingEmail(), addressee.owner(), addressee.isAllowed());
        }
    }

    /**
     * Counts the mail to a wanted address. Call it before the change: a refusal must not undo the count of changes.
     *
     * @param owner the other user who has the address; null if nobody has it
     * @throws RefusedException {@code TOO_MANY_REQUESTS}
     */
    Addressee count(Handle handle, Effects effects, UpdateUser command, StoredUser before, @Nullable User owner) {
        EmailAddress email = command.changes().email();
        if (email == null || !needPassword(command.changes(), before.user().email())) {
            return Addressee.NOBODY;
        }
        MailLimits.Taken taken = limits.take(
                handle, Purpose.CHANGE, email.value(), command.source().ip());
        effects.recordReached(taken.reached(), null, command.source());
        return new Addressee(owner, taken.isAllowed());
    }

    /**
     * The recipient of a mail about a wanted address.
     *
     * @param owner the other user who has the address; null if nobody has it
     * @param isAllowed whether the address may get a mail
     */
    record Addressee(@Nullable User owner, boolean isAllowed) {
        static final Addressee NOBODY = new Addressee(null, false);
    }

    /**
     * The changes to the addresses of a user.
     *
     * @param email which the user has at once; null if it does not change
     * @param pending which the user wants to have; null for none
     * @param replacesPending whether {@code pending} replaces the pending address; null then clears it
     */
    record Decision(@Nullable String email, @Nullable String pending, boolean replacesPending) {}
}
