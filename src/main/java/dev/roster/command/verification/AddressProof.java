package dev.roster.command.verification;

import dev.roster.audit.AuditEvent;
import dev.roster.command.Commands;
import dev.roster.command.Effects;
import dev.roster.command.session.SessionEnding;
import dev.roster.http.RequestSource;
import dev.roster.mail.token.InvalidToken;
import dev.roster.mail.token.MailTokens;
import dev.roster.mail.token.Purpose;
import dev.roster.mail.token.TokenOwner;
import dev.roster.refusal.RefusedException;
import dev.roster.token.AccessToken;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Marks the address of a user as proven. Somebody else may have registered with it, so the proof ends all sessions and
 * the pending change of the address, unless the user is logged in where the link is opened. Thread-safe.
 */
final class AddressProof {
    private static final String EMAIL_VERIFIED = "email_verified";

    private final Commands commands;
    private final MailTokens tokens;
    private final SessionEnding ending;

    AddressProof(Commands commands, MailTokens tokens, SessionEnding ending) {
        this.commands = commands;
        this.tokens = tokens;
        this.ending = ending;
    }

    /** @throws RefusedException {@code INVALID} if the token does not work any more */
    void accept(TokenOwner owner, @Nullable AccessToken caller, RequestSource source) {
        UUID id = owner.userId();
        AccessToken own = caller != null && caller.userId().equals(id) ? caller : null;
        UUID unused = commands.run((handle, effects) -> {
            if (!handle.attach(VerificationCommands.class).prove(id, owner.address(), own != null)) {
                throw InvalidToken.refusal(); // the user was deleted, or has another address, since the check
            }
            effects.changed(id);
            effects.record(
                    AuditEvent.by(id, AuditEvent.Type.EMAIL_VERIFIED, source).in(own == null ? null : own.sessionId()));
            if (own == null) {
                endWhatWasBefore(handle, effects, id, source);
            }
            if (!tokens.use(handle, owner.tokenId())) {
                throw InvalidToken.refusal(); // another request with the same token was first
            }
            return id;
        });
    }

    private void endWhatWasBefore(Handle handle, Effects effects, UUID id, RequestSource source) {
        ending.endAll(handle, effects, id, source, EMAIL_VERIFIED);
        tokens.end(handle, id, Purpose.CHANGE);
    }
}
