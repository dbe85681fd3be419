package dev.roster.token.signing;

import dev.roster.key.SecretKey;
import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.keys.HmacKey;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's ring: all signing keys of the table, in memory. While memory may lack a change, each call asks the database;
 * if it does not answer then, the call fails, so a node that is cut off issues nothing. Thread-safe.
 *
 * <p>A node signs only with a key that it has itself published for the lead. A key that it has heard of late signs
 * later here, and its predecessor signs meanwhile: it verifies for long enough.
 */
public final class SigningKeys {
    private static final Logger LOGGER = LoggerFactory.getLogger(SigningKeys.class);

    private final SigningKey hs256;
    private final KeySeal seal;
    private final BooleanSupplier complete;
    private final Supplier<List<StoredSigningKey>> database;
    private final Clock clock;

    /** When this node has heard of each key. */
    private final Map<String, Instant> heardAt = new ConcurrentHashMap<>();

    private final Map<String, Opened> opened = new ConcurrentHashMap<>();
    private volatile Ring memory = new Ring(List.of());
    private volatile @Nullable RotatedKey awaited;
    private volatile boolean isLoaded;

    /**
     * @param complete whether memory has every change of the table
     * @param database reads the table on the primary, and sets the service's clock
     */
    SigningKeys(
            SecretKey secret,
            KeySeal seal,
            BooleanSupplier complete,
            Supplier<List<StoredSigningKey>> database,
            Clock clock) {
        HmacKey key = new HmacKey(secret.bytes());
        this.hs256 = new SigningKey(SigningKey.HS256, SigningAlgorithm.HS256, key, key, Map.of());
        this.seal = seal;
        this.complete = complete;
        this.database = database;
        this.clock = clock;
    }

    /** A ring without a table: HS256 signs. */
    public static SigningKeys ofSecret(SecretKey secret, Clock clock) {
        return new SigningKeys(secret, new KeySeal(secret, new SecureRandom()), () -> true, List::of, clock);
    }

    /**
     * The key that signs on this node now.
     *
     * @throws RefusedException {@code UNAVAILABLE} if this node cannot open the key
     * @throws org.jdbi.v3.core.JdbiException if memory may be incomplete and the database does not answer
     */
    public SigningKey signer() {
        Ring ring = ring();
        if (ring.members().isEmpty()) {
            return hs256;
        }
        Instant now = clock.instant();
        return ring.members().stream()
                .filter(member -> member.isReady(now) && !member.row().hasEnded(now))
                .max(Member.BY_SIGNING)
                .map(Member::key)
                .orElseThrow(() -> new RefusedException(Refusal.UNAVAILABLE, "Tokens cannot be issued at present."));
    }

    /**
     * The key with which this node verifies tokens of this {@code kid} now. Ask on each use of a token, also of one
     * whose signature was verified before: a key ends.
     *
     * @param kid null for a token without {@code kid}, whose key is that of HS256
     * @throws RefusedException {@code UNAVAILABLE} if it is the active key, and this node cannot open it
     * @throws org.jdbi.v3.core.JdbiException if memory may be incomplete and the database does not answer
     */
    public Optional<SigningKey> find(@Nullable String kid) {
        Ring ring = ring();
        String id = kid == null ? SigningKey.HS256 : kid;
        if (ring.members().isEmpty()) {
            return id.equals(SigningKey.HS256) ? Optional.of(hs256) : Optional.empty();
        }
        Member member = ring.byKid().get(id);
        return member == null || member.row().hasEnded(clock.instant()) ? Optional.empty() : open(member);
    }

    /**
     * The keys with which other services verify tokens, the newest first. HS256 has none.
     *
     * @throws RefusedException {@code UNAVAILABLE} if this node cannot open the active key: verifiers would forget it
     * @throws org.jdbi.v3.core.JdbiException if memory may be incomplete and the database does not answer: a key that
     *     has ended would come back
     */
    public List<SigningKey> published() {
        Ring ring = ring();
        Instant now = clock.instant();
        return ring.members().stream()
                .filter(member -> !member.row().hasEnded(now))
                .sorted(Comparator.comparing((Member member) -> member.row().createdAt())
                        .reversed())
                .flatMap(member -> open(member).stream())
                .filter(key -> key.algorithm().hasPublicKeys())
                .toList();
    }

    /** Empty if this node cannot open the key. The others trust the active one, so this node cannot answer then. */
    private static Optional<SigningKey> open(Member member) {
        if (member.key() == null && member.row().isActive()) {
            throw new RefusedException(Refusal.UNAVAILABLE, "Tokens cannot be checked at present.");
        }
        return Optional.ofNullable(member.key());
    }

    /** Replaces memory by the rows of the table. Called by the feed's thread only. */
    void load(List<StoredSigningKey> rows) {
        if (!isLoaded) { // other nodes have published the keys, if this node has not
            rows.forEach(row -> heardAt.put(row.kid(), row.publishedFrom()));
        }
        Ring ring = read(rows);
        memory = ring;
        isLoaded = true;
        heardAt.keySet().retainAll(ring.byKid().keySet());
        opened.keySet().retainAll(ring.byKid().keySet());
        forgetAwaited();
    }

    /** Until the feed brings this key, which this node has committed, memory counts as incomplete. */
    void await(RotatedKey key) {
        awaited = key;
        forgetAwaited();
    }

    private void forgetAwaited() {
        RotatedKey key = awaited;
        if (key != null && memory.has(key)) {
            awaited = null;
        }
    }

    /** The row that no other replaces, from memory; empty if the table is. */
    Optional<StoredSigningKey> active() {
        return memory.members().stream()
                .map(Member::row)
                .filter(StoredSigningKey::isActive)
                .findAny();
    }

    /** The ids of keys that have not ended and that this node cannot open, from memory. */
    List<String> unusable() {
        Instant now = clock.instant();
        return memory.members().stream()
                .filter(member -> member.key() == null && !member.row().hasEnded(now))
                .map(member -> member.row().kid())
                .toList();
    }

    private Ring ring() {
        // Ask before reading memory: afterwards, the feed may have received a change that the read missed.
        boolean isComplete = complete.getAsBoolean();
        Ring ring = memory;
        return isComplete && awaited == null ? ring : read(database.get());
    }

    private Ring read(List<StoredSigningKey> rows) {
        List<Member> members = new ArrayList<>();
        for (StoredSigningKey row : rows) {
            Instant heard = heardAt.computeIfAbsent(row.kid(), kid -> clock.instant());
            members.add(new Member(row, open(row), heard));
        }
        return new Ring(List.copyOf(members));
    }

    private @Nullable SigningKey open(StoredSigningKey row) {
        if (row.kid().equals(SigningKey.HS256)) {
            return hs256;
        }
        return opened.compute(
                        row.kid(),
                        (kid, known) ->
                                known != null && known.row().isSealedLike(row) ? known : new Opened(row, unseal(row)))
                .key();
    }

    private @Nullable SigningKey unseal(StoredSigningKey row) {
        Optional<SigningKey> key = SigningAlgorithm.find(row.algorithm())
                .flatMap(algorithm -> seal.open(row.kid(), row.sealed()).map(pair -> key(row.kid(), algorithm, pair)));
        if (key.isEmpty() && !row.hasEnded(clock.instant())) {
            LOGGER.error(
                    "SECURITY signing_key_unusable: JWT_SECRET_KEY does not open the signing key {}; if JWT_SECRET_KEY"
                            + " has changed, make a new key with: rotate-key --now",
                    row.kid());
        }
        return key.orElse(null);
    }

    private static SigningKey key(String kid, SigningAlgorithm algorithm, PublicJsonWebKey pair) {
        Map<String, Object> publicJwk = new LinkedHashMap<>(pair.toParams(OutputControlLevel.PUBLIC_ONLY));
        publicJwk.put("kid", kid);
        publicJwk.put("alg", algorithm.id());
        publicJwk.put("use", "sig");
        return new SigningKey(kid, algorithm, pair.getPrivateKey(), pair.getPublicKey(), publicJwk);
    }

    /** A row and its opened key; without a key if the row cannot be opened. */
    private record Opened(StoredSigningKey row, @Nullable SigningKey key) {}

    /**
     * A key in the ring.
     *
     * @param key null if this node cannot open it
     * @param heardAt when this node has heard of it
     */
    private record Member(StoredSigningKey row, @Nullable SigningKey key, Instant heardAt) {
        static final Comparator<Member> BY_SIGNING = Comparator.comparing(
                        (Member member) -> member.row().signsFrom())
                .thenComparing(member -> member.row().createdAt());

        /** Whether this node has published the key for the lead. */
        boolean isReady(Instant now) {
            Duration lead = Duration.between(row.publishedFrom(), row.signsFrom());
            Instant since = heardAt.isBefore(row.signsFrom()) ? heardAt : row.signsFrom();
            return !now.isBefore(since.plus(lead));
        }
    }

    /** The rows of one reading of the table. */
    private record Ring(List<Member> members, Map<String, Member> byKid) {
        Ring(List<Member> members) {
            this(members, index(members));
        }

        private static Map<String, Member> index(List<Member> members) {
            return members.stream()
                    .collect(Collectors.toUnmodifiableMap(member -> member.row().kid(), Function.identity()));
        }

        boolean has(RotatedKey key) {
            Member member = byKid.get(key.kid());
            return member != null && !member.row().createdAt().isBefore(key.createdAt());
        }
    }
}
