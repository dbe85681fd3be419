package dev.roster.verifier;

import java.io.Closeable;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jose4j.json.JsonUtil;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * Checks Roster's access tokens in another service. It needs no request for a token: it fetches the public keys, and
 * receives each revocation over a stream. A token is refused within a second of its revocation. If the stream has
 * proved nothing for a second, the {@link StalePolicy} decides. Create one for the whole service. Thread-safe.
 */
public final class Verifier implements Closeable {
    private static final int MOST_QUESTIONS = 64;

    private final StalePolicy policy;
    private final RosterHttp http;
    private final RevokedIds revoked = new RevokedIds();
    private final Freshness freshness;
    private final TokenReader reader;
    private final Thread thread;
    private final Semaphore questions = new Semaphore(MOST_QUESTIONS);

    private Verifier(Settings settings, Clocks clocks) {
        policy = settings.policy();
        http = new RosterHttp(settings);
        freshness = new Freshness(clocks);
        PublicKeys keys = new PublicKeys(http, clocks);
        reader = new TokenReader(keys, settings.issuer(), settings.audience(), clocks);
        thread = new Thread(new RevocationStream(http, keys, revoked, freshness, clocks), "roster-verifier");
        thread.setDaemon(true);
    }

    /** Starts to fetch the keys and the revocations, and returns at once. */
    public static Verifier start(Settings settings) {
        return start(settings, Clocks.SYSTEM);
    }

    static Verifier start(Settings settings, Clocks clocks) {
        Verifier verifier = new Verifier(settings, clocks);
        verifier.thread.start();
        return verifier;
    }

    /** Waits until the stream is fresh, for example before the service takes requests. False if it is not in time. */
    public boolean awaitFresh(Duration longest) throws InterruptedException {
        return freshness.await(longest);
    }

    /** Whether all revocations older than a second are known, for example for a health check. */
    public boolean isFresh() {
        return freshness.isFresh();
    }

    /**
     * Checks a token.
     *
     * @param authorization the value of the request's {@code Authorization} header, null if there is none; or the token
     *     alone
     * @throws InvalidTokenException if there is no token, or it is not valid: answer 401
     * @throws UnavailableException if nobody can tell, because Roster does not answer: answer 503
     */
    public VerifiedToken verify(@Nullable String authorization) {
        String compact = compact(authorization);
        VerifiedToken token = reader.read(compact);
        boolean isFresh = freshness.isFresh(); // ask before reading the memory
        if (revoked.covers(token)) {
            throw revoked();
        }
        if (!isFresh) {
            decide(compact);
        }
        return token;
    }

    private static String compact(@Nullable String authorization) {
        String value = authorization == null ? "" : authorization.strip();
        int space = value.indexOf(' ');
        boolean isBearer = space > 0 && value.substring(0, space).equalsIgnoreCase("Bearer");
        if (value.isEmpty() || (space > 0 && !isBearer)) {
            throw InvalidTokenException.missing();
        }
        return value.substring(space + 1).strip();
    }

    private void decide(String compact) {
        switch (policy) {
            case REFUSE -> throw new UnavailableException("The stream of revocations is stale");
            case INTROSPECT -> introspect(compact);
            case ACCEPT_UNTIL_EXPIRY -> {}
        }
    }

    private void introspect(String compact) {
        if (!isActive(ask(compact))) {
            throw revoked();
        }
    }

    private HttpResponse<String> ask(String compact) {
        try {
            if (!questions.tryAcquire(RosterHttp.LONGEST.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new UnavailableException("The stream is stale, and Roster answers slowly");
            }
            try {
                return http.introspect(compact).get();
            } finally {
                questions.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("Interrupted");
        } catch (ExecutionException e) {
            throw new UnavailableException("The stream is stale, and Roster does not answer: " + e.getCause());
        }
    }

    private static boolean isActive(HttpResponse<String> answer) {
        if (answer.statusCode() != 200) {
            throw new UnavailableException("The stream is stale, and Roster answers " + answer.statusCode());
        }
        try {
            Map<String, Object> content = JsonUtil.parseJson(answer.body());
            return Boolean.TRUE.equals(content.get("active"));
        } catch (JoseException e) {
            throw new UnavailableException("The stream is stale, and Roster's answer is malformed");
        }
    }

    private static InvalidTokenException revoked() {
        return new InvalidTokenException("The token is revoked");
    }

    /** Ends the stream. Within a second it is stale. */
    @Override
    public void close() {
        thread.interrupt();
    }
}
