package dev.roster.verifier;

import java.net.http.HttpResponse;
import java.security.PublicKey;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * Roster's public keys. They are fetched at the start, when they get old, for an unknown {@code kid}, and after a
 * revocation of all tokens; one fetch at a time. Thread-safe.
 */
final class PublicKeys {
    /**
     * A public key, and the only algorithm that it is for (RFC 8725, section 3.1).
     *
     * @param algorithm {@code ES256}, {@code RS256} or {@code EdDSA}
     */
    record Key(String algorithm, PublicKey key) {
        private static final Set<String> ALGORITHMS = Set.of("ES256", "RS256", "EdDSA");

        /** The keys of a JWK set (RFC 7517) by their {@code kid}, without those that cannot verify a token. */
        static Map<String, Key> parse(String set) throws JoseException {
            Map<String, Key> keys = new HashMap<>();
            for (JsonWebKey key : new JsonWebKeySet(set).getJsonWebKeys()) {
                boolean isForSignatures = key.getUse() == null || key.getUse().equals("sig");
                boolean isKnown = key.getAlgorithm() != null && ALGORITHMS.contains(key.getAlgorithm());
                if (key instanceof PublicJsonWebKey pair && key.getKeyId() != null && isForSignatures && isKnown) {
                    keys.put(key.getKeyId(), new Key(key.getAlgorithm(), pair.getPublicKey()));
                }
            }
            return Map.copyOf(keys);
        }
    }

    /** The shortest time before a fetch for an unknown key: anybody can send a token with an invented {@code kid}. */
    private static final Duration BETWEEN_UNKNOWN = Duration.ofSeconds(5);

    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

    /** Then every node of Roster has heard of a change of the keys. */
    private static final Duration AFTER_REVOCATION = Duration.ofSeconds(2);

    private static final long SHORTEST_AGE = 30;
    private static final long LONGEST_AGE = 3600;
    private static final long DEFAULT_AGE = 300;
    private static final Pattern MAX_AGE = Pattern.compile("max-age=(\\d{1,9})");

    private final RosterHttp http;
    private final Clocks clocks;
    private volatile Map<String, Key> keys = Map.of();
    private volatile boolean isKnown;

    // Guarded by this.
    private CompletableFuture<Void> running = CompletableFuture.completedFuture(null);
    private int generation;
    private long due;
    private @Nullable Long lastFetch;
    private boolean isAgainAfterRevocation;

    PublicKeys(RosterHttp http, Clocks clocks) {
        this.http = http;
        this.clocks = clocks;
        this.due = clocks.nanos().getAsLong();
    }

    /**
     * Finds a key, and fetches the keys if it is unknown.
     *
     * @throws InvalidTokenException if Roster has no such key
     * @throws UnavailableException if Roster does not say
     */
    Key find(String kid) {
        Key key = keys.get(kid);
        if (key == null) {
            await(fetchForUnknown());
            key = keys.get(kid);
        }
        if (key != null) {
            return key;
        }
        if (!isKnown) {
            throw new UnavailableException("Roster's public keys could not be fetched");
        }
        throw new InvalidTokenException("The token's key is unknown");
    }

    /** Starts a fetch if the keys are old, or the last fetch failed. */
    synchronized void fetchIfDue() {
        if (running.isDone() && clocks.nanos().getAsLong() - due >= 0) {
            fetch();
        }
    }

    /** Drops all keys and fetches them: somebody may have stolen a private one. */
    synchronized void renew() {
        generation++;
        keys = Map.of();
        isKnown = false;
        isAgainAfterRevocation = true;
        fetch();
    }

    private synchronized CompletableFuture<Void> fetchForUnknown() {
        boolean isAllowed = lastFetch == null || clocks.nanos().getAsLong() - lastFetch >= BETWEEN_UNKNOWN.toNanos();
        if (running.isDone() && isAllowed) {
            fetch();
        }
        return running;
    }

    private synchronized void fetch() {
        int asked = generation;
        lastFetch = clocks.nanos().getAsLong();
        running = http.keys().handle((answer, failure) -> {
            finish(asked, failure == null ? answer : null);
            return null;
        });
    }

    private synchronized void finish(int asked, @Nullable HttpResponse<String> answer) {
        if (asked != generation) {
            return; // asked before all tokens were revoked
        }
        Map<String, Key> found = answer == null ? null : parse(answer);
        if (found != null) {
            keys = found;
        }
        isKnown = found != null && !found.isEmpty();
        due = clocks.nanos().getAsLong() + pause(isKnown ? answer : null).toNanos();
    }

    private Duration pause(@Nullable HttpResponse<String> answer) {
        if (answer == null) {
            return AFTER_FAILURE;
        }
        if (isAgainAfterRevocation) {
            isAgainAfterRevocation = false;
            return AFTER_REVOCATION;
        }
        long age = MAX_AGE.matcher(answer.headers().firstValue("Cache-Control").orElse(""))
                .results()
                .map(match -> match.group(1))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElse(DEFAULT_AGE);
        return Duration.ofSeconds(Math.min(LONGEST_AGE, Math.max(SHORTEST_AGE, age)));
    }

    /** The request ends by itself; this bound is for a machine that stalls. */
    private static void await(CompletableFuture<Void> fetch) {
        try {
            fetch.get(2 * RosterHttp.LONGEST.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            return; // the keys are as unknown as before
        }
    }

    /** The keys: none if Roster has none, because it signs with HS256 (404). Null if the answer does not tell. */
    private static @Nullable Map<String, Key> parse(HttpResponse<String> answer) {
        if (answer.statusCode() == 404) {
            return Map.of();
        }
        if (answer.statusCode() != 200) {
            return null;
        }
        try {
            return Key.parse(answer.body());
        } catch (JoseException | RuntimeException e) {
            return null; // not a JWK set
        }
    }
}
