package dev.roster.mail;

import dev.roster.mail.template.MailKind;
import dev.roster.mail.token.MailTokens;
import dev.roster.mail.token.Purpose;
import java.time.Duration;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Writes the mails about passwords; none if mail is off. The caller has locked the user's row, and the rows of sessions
 * that it ends. Thread-safe.
 */
public final class PasswordMails {
    private final boolean isOn;
    private final Mails mails;
    private final MailTokens tokens;
    private final Duration resetLifetime;

    PasswordMails(MailConfiguration configuration, Mails mails, MailTokens tokens) {
        this.isOn = configuration.isOn();
        this.mails = mails;
        this.tokens = tokens;
        this.resetLifetime = configuration.resetLifetime().toJavaDuration();
    }

    /**
     * Sends a link to set a new password. Earlier links of the user end.
     *
     * @param userId null for an address that no user has. The same statements run, and nobody gets a mail
     */
    public void sendReset(Handle handle, @Nullable UUID userId, String address) {
        if (isOn) {
            UUID tokenId = tokens.create(handle, Purpose.RESET, userId, address, resetLifetime);
            mails.write(handle, MailKind.PASSWORD_RESET, userId, address, tokenId);
        }
    }

    /**
     * Tells a user that the password was changed. All links that were sent to the user end.
     *
     * @param address which the user had before the change
     */
    public void tellChanged(Handle handle, UUID userId, String address) {
        if (isOn) {
            tokens.voidAll(handle, userId);
            mails.write(handle, MailKind.PASSWORD_CHANGED, userId, address, null);
        }
    }
}
