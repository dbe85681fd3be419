package dev.roster.operator;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.roster.audit.AuditEvent;
import dev.roster.command.Commands;
import dev.roster.http.RequestSource;
import dev.roster.http.body.BodyRules;
import dev.roster.id.Ids;
import dev.roster.refusal.RefusedException;
import dev.roster.token.signing.KeyRotation;
import dev.roster.token.signing.RotatedKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Operations on signing keys for operators. Also writes the event of each rotation that no operator asked for.
 * Thread-safe.
 */
public final class SigningKeyAdministration {
    private final Commands commands;
    private final KeyRotation rotation;

    SigningKeyAdministration(Commands commands, KeyRotation rotation, Ids ids) {
        this.commands = commands;
        this.rotation = rotation;
        rotation.runWith(work -> commands.run((handle, effects) -> {
            var key = work.apply(handle);
            key.ifPresent(made -> effects.record(AuditEvent.against(
                            null,
                            AuditEvent.Type.SIGNING_KEY_ROTATED,
                            new RequestSource(ids.next().toString(), null, null))
                    .with(word(made))));
            return key;
        }));
    }

    /**
     * Replaces the signing key by one of the same algorithm, which signs after the lead. If a key waits already, makes
     * none.
     *
     * @param isImmediate whether the new key signs at once, and every access token issued until now is refused
     * @throws RefusedException {@code KEY_NOT_ROTATED} if HS256 signs, or this process cannot open the present key
     */
    public PublishedKey rotate(Operator operator, boolean isImmediate) {
        RotatedKey key = commands.run((handle, effects) -> {
            RotatedKey rotated = rotation.rotate(handle, isImmediate);
            if (rotated.isNew()) {
                AuditEvent event = operator.event(AuditEvent.Type.SIGNING_KEY_ROTATED);
                effects.record(event.with(event.details() + (isImmediate ? ",now," : ",") + word(rotated)));
            }
            return rotated;
        });
        rotation.committed(key);
        return new PublishedKey(
                key.kid(), key.algorithm(), key.createdAt(), key.publishedFrom(), key.signsFrom(), key.isNew());
    }

    // The id itself may begin with a digit or a dash, which a word of the details may not.
    private static String word(RotatedKey key) {
        return "kid-" + key.kid();
    }

    /**
     * The newest signing key.
     *
     * @param signsFrom when nodes begin to sign with it
     * @param isNew whether this request made it
     */
    public record PublishedKey(
            String kid,
            String algorithm,
            Instant createdAt,
            Instant publishedFrom,
            Instant signsFrom,
            @JsonIgnore boolean isNew) {}

    /**
     * How to rotate.
     *
     * @param now whether the key has leaked: the new one signs at once
     */
    @BodyRules.MayBeAbsent
    public record RotationRequest(@Nullable Boolean now) {
        public boolean isImmediate() {
            return Boolean.TRUE.equals(now);
        }
    }
}
