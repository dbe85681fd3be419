package dev.roster.command.verification;

import dev.roster.command.Effects;
import dev.roster.command.verification.VerificationCommands.AddressOwner;
import dev.roster.http.RequestSource;
import dev.roster.mail.MailModule;
import dev.roster.mail.Mails;
import dev.roster.mail.template.MailKind;
import dev.roster.mail.token.MailTokens;
import dev.roster.user.User;
import java.time.Duration;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Writes the mails with links that prove addresses. The caller has locked the rows of users and pending registrations.
 * Thread-safe.
 */
public final class VerificationMails {
    private final MailModule mail;
    private final MailTokens tokens;
    private final Mails mails;
    private final Duration lifetime;

    VerificationMails(MailModule mail) {
        this.mail = mail;
        this.tokens = mail.tokens();
        this.mails = mail.mails();
        this.lifetime = mail.configuration().verificationLifetime().toJavaDuration();
    }

    Duration lifetime() {
        return lifetime;
    }

    /**
     * Sends a link to a user who has registered, unless addresses count at once. Sends none past the address's limit.
     */
    public void welcome(Handle handle, Effects effects, User user, RequestSource source) {
        if (mail.configuration().isChangeProven()) {
            var taken = mail.limits().takeRegistration(handle, user.email());
            effects.recordReached(taken.reached(), null, source);
            if (taken.isAllowed()) {
                sendLink(handle, Recipient.user(user.id(), user.email()));
            }
        }
    }

    /** Sends a link. For nobody, the same statements run. */
    void sendLink(Handle handle, Recipient recipient) {
        write(handle, MailKind.VERIFICATION, recipient, recipient.userId(), recipient.address());
    }

    /**
     * Answers a registration: with a link or, if a user has the address, with a notice to that user once a day. The
     * same statements run for both.
     */
    void answer(Handle handle, PendingRegistration registration, @Nullable AddressOwner owner) {
        UUID ownerId = owner == null ? null : owner.id();
        boolean isTold = mails.isRecent(handle, MailKind.ADDRESS_TAKEN, ownerId);
        if (owner == null) {
            sendLink(handle, Recipient.pending(registration.id(), registration.email()));
        } else if (isTold) {
            sendLink(handle, Recipient.NOBODY);
        } else {
            write(handle, MailKind.ADDRESS_TAKEN, Recipient.NOBODY, ownerId, owner.email());
        }
    }

    /** @param owner of the token */
    private void write(Handle handle, MailKind kind, Recipient owner, @Nullable UUID userId, String address) {
        UUID tokenId = tokens.createProof(handle, owner.userId(), owner.pendingId(), owner.address(), lifetime);
        mails.write(handle, kind, userId, address, kind == MailKind.ADDRESS_TAKEN ? null : tokenId);
    }
}
