package dev.roster.mail;

import dev.roster.mail.template.MailKind;
import dev.roster.mail.token.MailTokens;
import dev.roster.mail.token.Purpose;
import dev.roster.mail.token.TokenOwner;
import dev.roster.user.User;
import java.time.Duration;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Writes the mails about changes of addresses, none if mail is off, and ends the links in earlier mails: in every mode,
 * because a node with mail on may have sent them. The caller has locked the user's row. Thread-safe.
 */
public final class AddressMails {
    private final boolean isOn;
    private final Mails mails;
    private final MailTokens tokens;
    private final MailLimits limits;
    private final Duration changeLifetime;
    private final Duration revertLifetime;

    AddressMails(MailConfiguration configuration, Mails mails, MailTokens tokens, MailLimits limits) {
        this.isOn = configuration.isOn();
        this.mails = mails;
        this.tokens = tokens;
        this.limits = limits;
        this.changeLifetime = configuration.verificationLifetime().toJavaDuration();
        this.revertLifetime = configuration.revertLifetime().toJavaDuration();
    }

    /**
     * Sends a link that proves the address that a user wants to have, and a notice to the present one. If another user
     * has the wanted address, sends that user a notice instead, at most once a day; the same statements run.
     *
     * @param owner who has the wanted address; null if nobody has it
     * @param isAllowed whether the wanted address may get a mail
     */
    public void ask(Handle handle, User user, String wanted, @Nullable User owner, boolean isAllowed) {
        UUID tokenId = tokens.create(handle, Purpose.CHANGE, user.id(), wanted, changeLifetime);
        boolean isTold = mails.isRecent(handle, MailKind.ADDRESS_TAKEN, owner == null ? null : owner.id());
        boolean isSent = isAllowed && !isTold;
        if (owner == null) {
            mails.write(handle, MailKind.EMAIL_CHANGE, isSent ? user.id() : null, wanted, tokenId);
        } else {
            mails.write(handle, MailKind.ADDRESS_TAKEN, isSent ? owner.id() : null, owner.email(), null);
        }
        tellWithLink(handle, user);
    }

    /**
     * Tells a user who has changed the address, at the address of before. The notice has no link if the user has an
     * earlier address again: the one between may be a thief's.
     *
     * @param before the user before the change
     * @param address which the user has now
     */
    public void tellChanged(Handle handle, User before, String address) {
        if (endLinks(handle, before.id(), address)) {
            tellWithoutLink(handle, before);
        } else {
            tellWithLink(handle, before);
        }
    }

    /**
     * Ends the links that were sent before the user had this address; if the user has it again, also those that revert
     * the changes since then.
     *
     * @return whether the user has it again, and the owner of the address had a link to take it back
     */
    public boolean endLinks(Handle handle, UUID userId, String address) {
        tokens.end(handle, userId);
        boolean isBack = tokens.isRevertible(handle, userId, address);
        if (isBack) {
            tokens.endLater(handle, userId, address);
        }
        return isBack;
    }

    /**
     * Tells a user whose address an operator has changed, at the address of before. That mailbox may be why, so the
     * notice has no link, and earlier links to it end.
     *
     * @param before the user before the change
     */
    public void tellChangedByOperator(Handle handle, User before) {
        tokens.endAll(handle, before.id());
        tellWithoutLink(handle, before);
    }

    /**
     * Tells a user whose change was reverted, at the address of before. Ends the links that a thief may have.
     *
     * @param before the user before the revert
     */
    public void tellReverted(Handle handle, TokenOwner reverted, User before) {
        tokens.end(handle, before.id());
        tokens.endLater(handle, before.id(), reverted.address());
        if (!before.email().equalsIgnoreCase(reverted.address())) {
            tellWithoutLink(handle, before);
        }
    }

    private void tellWithLink(Handle handle, User user) {
        if (isOn && limits.isNoticeAllowed(handle, "revert", user.email())) {
            UUID tokenId = tokens.createRevert(handle, user.id(), user.email(), revertLifetime);
            mails.write(handle, MailKind.EMAIL_CHANGE_NOTICE, user.id(), user.email(), tokenId);
        }
    }

    private void tellWithoutLink(Handle handle, User user) {
        if (isOn && limits.isNoticeAllowed(handle, "address", user.email())) {
            mails.write(handle, MailKind.EMAIL_CHANGE_NOTICE, user.id(), user.email(), null);
        }
    }
}
