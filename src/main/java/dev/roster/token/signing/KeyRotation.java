package dev.roster.token.signing;

import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import dev.roster.revocation.TokenBlocklist;
import dev.roster.token.signing.SigningKeyCommands.Active;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces the signing key, in a transaction under an advisory lock and by the database's clock. So nodes that rotate
 * at the same time make one key. The new key is published at once and signs after the lead; the old one verifies until
 * the last token that it may have signed has expired. Thread-safe.
 */
public final class KeyRotation {
    private static final Logger LOGGER = LoggerFactory.getLogger(KeyRotation.class);
    private static final String THUMBPRINT = "SHA-256"; // RFC 7638
    private static final String REVOCATION_REASON = "signing key ended";

    private final KeySettings settings;
    private final KeySeal seal;
    private final SigningKeys keys;
    private final SecureRandom random;
    private volatile @Nullable Transactions transactions;

    KeyRotation(KeySettings settings, KeySeal seal, SigningKeys keys, SecureRandom random) {
        this.settings = settings;
        this.seal = seal;
        this.keys = keys;
        this.random = random;
    }

    /**
     * Replaces the active key by one of the same algorithm. Call {@link #committed} after the commit. If a key waits to
     * sign already, makes none, unless the rotation is immediate.
     *
     * @param handle in a transaction
     * @param isImmediate whether the new key signs at once, and no earlier key and no token issued until now is
     *     accepted any more
     * @throws RefusedException {@code KEY_NOT_ROTATED} if HS256 signs, whose key is a setting, or if this process has
     *     another {@code JWT_SECRET_KEY} than the nodes
     */
    public RotatedKey rotate(Handle handle, boolean isImmediate) {
        SigningKeyCommands commands = lock(handle);
        Active active = commands.active(settings.rotation().toSeconds())
                .filter(found -> !found.key().kid().equals(SigningKey.HS256))
                .orElseThrow(() -> new RefusedException(
                        Refusal.KEY_NOT_ROTATED,
                        "HS256 signs: its key is JWT_SECRET_KEY. TOKEN_ALGORITHM chooses another."));
        StoredSigningKey key = active.key();
        if (isImmediate) {
            return active.isJustMade() && !active.hasPredecessors() ? present(key) : replaceAtOnce(handle, key);
        }
        if (active.isJustMade() || active.isWaiting()) {
            return present(key);
        }
        if (!canOpen(key)) {
            throw new RefusedException(
                    Refusal.KEY_NOT_ROTATED,
                    "JWT_SECRET_KEY does not open the present signing key: is it the one of the nodes?");
        }
        return replace(commands, key, algorithm(key));
    }

    /** Sets what runs the transactions of rotations that no operator asks for. Call it before the start. */
    public void runWith(Transactions newTransactions) {
        transactions = newTransactions;
    }

    /** Runs a rotation that no operator asks for. */
    void run(Function<Handle, Optional<RotatedKey>> rotation) {
        Objects.requireNonNull(transactions, "runWith comes first")
                .run(rotation)
                .ifPresent(this::committed);
    }

    /** Tells this node's memory of a key whose transaction has committed. */
    public void committed(RotatedKey key) {
        keys.await(key);
        if (key.isNew()) {
            LOGGER.info("The signing key {} ({}) signs from {}", key.kid(), key.algorithm(), key.signsFrom());
        }
    }

    /** Replaces the active key if it is as old as the setting says; empty if it is not, or this node cannot open it. */
    Optional<RotatedKey> rotateByAge(Handle handle) {
        SigningKeyCommands commands = lock(handle);
        return commands.active(settings.rotation().toSeconds())
                .filter(active -> active.isOld() && !active.isWaiting())
                .map(Active::key)
                .filter(key -> !key.kid().equals(SigningKey.HS256) && canOpen(key))
                .map(key -> replace(commands, key, algorithm(key)));
    }

    /**
     * Replaces the active key if it is of another algorithm than the setting. Empty if it is of the same, or if this
     * node cannot open it: its JWT_SECRET_KEY may be wrong, and the other nodes could not open the new key.
     */
    Optional<RotatedKey> applySetting(Handle handle) {
        SigningKeyCommands commands = lock(handle);
        Optional<Active> active = commands.active(settings.rotation().toSeconds());
        String present = active.map(found -> found.key().algorithm()).orElse(SigningKey.HS256);
        if (present.equals(settings.algorithm().id())
                || active.filter(found -> found.isJustMade() || !canOpen(found.key()))
                        .isPresent()) {
            return Optional.empty();
        }
        return Optional.of(replace(commands, active.map(Active::key).orElse(null), settings.algorithm()));
    }

    /** @param old null while the table is empty: HS256 */
    private RotatedKey replace(
            SigningKeyCommands commands, @Nullable StoredSigningKey old, SigningAlgorithm algorithm) {
        NewKey made = newKey(algorithm);
        Instant now = commands.time();
        // No lead is needed: verifiers have no keys yet, or the new key is that of HS256, which nobody fetches.
        boolean needsNoLead = old == null || old.kid().equals(SigningKey.HS256) || !algorithm.hasPublicKeys();
        Instant soonest = needsNoLead ? now : now.plus(settings.lead());
        // Never before an earlier key that still waits: the latest key signs.
        Instant signsFrom = old == null || old.signsFrom().isBefore(soonest) ? soonest : old.signsFrom();
        // A node that hears of the new key late signs with the old one for up to the lead more.
        Instant until = signsFrom.plus(settings.lead()).plus(settings.tokenSpan());
        if (old == null) {
            commands.replaceHs256(now, until);
        } else {
            int unused = commands.replace(until);
        }
        return add(commands, made, now, signsFrom);
    }

    private RotatedKey replaceAtOnce(Handle handle, StoredSigningKey old) {
        SigningKeyCommands commands = handle.attach(SigningKeyCommands.class);
        NewKey made = newKey(algorithm(old));
        Instant now = commands.time();
        int unused = commands.endAll(now);
        Instant unusedMoment =
                handle.attach(TokenBlocklist.class).revokeEarlier(REVOCATION_REASON, now.plus(settings.tokenSpan()));
        return add(commands, made, now, now);
    }

    private RotatedKey add(SigningKeyCommands commands, NewKey key, Instant now, Instant signsFrom) {
        String algorithm = key.algorithm().id();
        PublicJsonWebKey pair = key.pair();
        if (pair == null) {
            commands.add(key.kid(), algorithm, null, null, now, signsFrom);
        } else {
            String publicJwk = pair.toJson(OutputControlLevel.PUBLIC_ONLY);
            commands.add(key.kid(), algorithm, publicJwk, seal.seal(key.kid(), pair), now, signsFrom);
        }
        return new RotatedKey(key.kid(), algorithm, now, now, signsFrom, true);
    }

    private NewKey newKey(SigningAlgorithm algorithm) {
        if (!algorithm.hasPublicKeys()) {
            return new NewKey(algorithm, SigningKey.HS256, null);
        }
        PublicJsonWebKey pair = algorithm.generate(random);
        return new NewKey(algorithm, pair.calculateBase64urlEncodedThumbprint(THUMBPRINT), pair);
    }

    private boolean canOpen(StoredSigningKey key) {
        return key.kid().equals(SigningKey.HS256)
                || seal.open(key.kid(), key.sealed()).isPresent();
    }

    private static SigningKeyCommands lock(Handle handle) {
        SigningKeyCommands commands = handle.attach(SigningKeyCommands.class);
        String unused = commands.lock();
        return commands;
    }

    private static RotatedKey present(StoredSigningKey key) {
        return new RotatedKey(key.kid(), key.algorithm(), key.createdAt(), key.publishedFrom(), key.signsFrom(), false);
    }

    private static SigningAlgorithm algorithm(StoredSigningKey key) {
        return SigningAlgorithm.find(key.algorithm())
                .orElseThrow(() -> new IllegalStateException("A newer version chose " + key.algorithm()));
    }

    /** Runs a rotation in a transaction, and records what it has done. */
    @FunctionalInterface
    public interface Transactions {
        /** @param rotation empty if it has made no key */
        Optional<RotatedKey> run(Function<Handle, Optional<RotatedKey>> rotation);
    }

    /** @param pair null for HS256 */
    private record NewKey(
            SigningAlgorithm algorithm,
            String kid,
            @Nullable PublicJsonWebKey pair) {}
}
