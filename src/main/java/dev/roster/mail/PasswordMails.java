package dev.roster.mail;

import dev.roster.mail.template.MailKind;
import dev.roster.mail.token.MailTokens;
import dev.roster.mail.token.Purpose;
import java.time.Duration;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Writes the mails about passwords, none if mail is off, and ends the links in earlier mails. The caller has locked the
 * user's row, and the rows of sessions that it ends. Thread-safe.
 */
public final class PasswordMails {
    private final boolean isOn;
    private final Mails mails;
    private final MailTokens tokens;
    private final MailLimits limits;
    private final Duration resetLifetime;
    private final Duration invitationLifetime;

    PasswordMails(MailConfiguration configuration, Mails mails, MailTokens tokens, MailLimits limits) {
        this.isOn = configuration.isOn();
        this.mails = mails;
        this.tokens = tokens;
        this.limits = limits;
        this.resetLifetime = configuration.resetLifetime().toJavaDuration();
        this.invitationLifetime = configuration.verificationLifetime().toJavaDuration();
    }

    /** Whether Roster writes mails at all. */
    public boolean isOn() {
        return isOn;
    }

    /** Sends a new user a link to set the first password. Call it only if mail is on. */
    public void invite(Handle handle, UUID userId, String address) {
        UUID tokenId = tokens.create(handle, Purpose.RESET, userId, address, invitationLifetime);
        mails.write(handle, MailKind.INVITATION, userId, address, tokenId);
    }

    /**
     * Sends a link to set a new password. Earlier ones of the user end.
     *
     * @param userId null if no user has the address. The same statements run, but nobody gets a mail
     */
    public void sendReset(Handle handle, @Nullable UUID userId, String address) {
        if (isOn) {
            UUID tokenId = tokens.create(handle, Purpose.RESET, userId, address, resetLifetime);
            mails.write(handle, MailKind.PASSWORD_RESET, userId, address, tokenId);
        }
    }

    /**
     * Ends all links that were sent to a user, except those that revert a change of the address: in every mode, because
     * a node with mail on may have sent them.
     */
    public void endLinks(Handle handle, UUID userId) {
        tokens.end(handle, userId);
    }

    /**
     * Writes a mail that the password was changed, and ends links as {@link #endLinks} does.
     *
     * @param address the user's address before the change
     */
    public void tellChanged(Handle handle, UUID userId, String address) {
        endLinks(handle, userId);
        // Within a limit: otherwise a user could send any number of mails to an address that is not theirs.
        if (isOn && limits.isNoticeAllowed(handle, "password", address)) {
            mails.write(handle, MailKind.PASSWORD_CHANGED, userId, address, null);
        }
    }
}
