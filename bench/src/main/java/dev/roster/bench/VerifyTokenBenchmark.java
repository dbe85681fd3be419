package dev.roster.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.roster.key.SecretKey;
import dev.roster.revocation.Revocation;
import dev.roster.revocation.Revocations;
import dev.roster.revocation.RevokedTokens;
import dev.roster.token.AccessToken;
import dev.roster.token.AccessTokens;
import dev.roster.token.SessionClaims;
import dev.roster.token.TokenAuthenticator;
import dev.roster.token.TokenConfiguration;
import dev.roster.token.signing.SigningKeys;
import dev.roster.user.Roles;
import io.dropwizard.util.Duration;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The authentication of a request, with no and with a million revoked tokens, and its parts. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 2, jvmArgsAppend = "-Xmx1g")
public class VerifyTokenBenchmark {
    private static final String KEY = "bench-9vKq3LzPpW7cYtXr1nUeHsBd5GmJ0aFf";
    private static final int TOKENS = 1024;

    /** One token for the benchmarks of the parts. */
    @State(Scope.Thread)
    public static class Parts {
        private final Mac mac;
        private final byte[] signed;
        private final HmacKey key = new HmacKey(KEY.getBytes(StandardCharsets.UTF_8));
        private final ObjectMapper json = new ObjectMapper();
        private final AccessTokens tokens = tokens();
        private final String token = issue(tokens);
        private final String payload;

        public Parts() {
            int first = token.indexOf('.');
            int second = token.indexOf('.', first + 1);
            signed = token.substring(0, second).getBytes(StandardCharsets.US_ASCII);
            byte[] claims = Base64.getUrlDecoder().decode(token.substring(first + 1, second));
            payload = new String(claims, StandardCharsets.UTF_8);
            mac = mac();
        }

        private static Mac mac() {
            try {
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(KEY.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
                return mac;
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Revoked tokens, and others that the benchmark verifies. */
    @State(Scope.Benchmark)
    public static class Authentication {
        @Param({"0", "1000000"})
        int revokedIds;

        private final String[] compact = new String[TOKENS];
        private final AccessTokens tokens = tokens();
        private final RevokedTokens revoked = new RevokedTokens(Clock.systemUTC());
        private final TokenAuthenticator authenticator = new TokenAuthenticator(
                tokens,
                new Revocations(revoked, () -> true, (ids, issuedAt) -> true, new PrometheusRegistry()),
                new PrometheusRegistry());
        private int next;

        @Setup
        public void revoke() {
            Random random = new Random(revokedIds);
            UUID owner = UUID.randomUUID();
            Instant end = Instant.now().plusSeconds(3600);
            for (int i = 0; i < revokedIds; i++) {
                revoked.add(Revocation.ofSession(new UUID(random.nextLong(), random.nextLong()), owner, "bench", end));
            }
            for (int i = 0; i < TOKENS; i++) {
                compact[i] = issue(tokens);
            }
        }
    }

    private static AccessTokens tokens() {
        Clock clock = Clock.fixed(Instant.now(), ZoneOffset.UTC);
        SecretKey secret = new SecretKey(KEY);
        return new AccessTokens(
                new TokenConfiguration(
                        secret,
                        "roster",
                        "roster",
                        Duration.minutes(15),
                        "HS256",
                        Duration.days(90),
                        Duration.minutes(10),
                        Duration.seconds(1)),
                new Roles(Set.of("user"), Set.of("user")),
                SigningKeys.ofSecret(secret, clock),
                clock);
    }

    private static String issue(AccessTokens tokens) {
        Instant now = tokens.now();
        return tokens.issue(
                        new SessionClaims(UUID.randomUUID(), UUID.randomUUID(), now, "user", now.plusSeconds(3600)),
                        now)
                .compact();
    }

    /** The whole authentication. It cycles through 1,024 tokens, so the cache knows each of them. */
    @Benchmark
    public Optional<AccessToken> authenticate(Authentication state) {
        return state.authenticator.authenticate(state.compact[state.next++ & (TOKENS - 1)]);
    }

    /** Reading a token without the cache: the extra cost of the first request with a token. */
    @Benchmark
    public AccessToken read(Parts parts) {
        return parts.tokens.read(parts.token);
    }

    /** The signature alone, with a reused {@link Mac}. */
    @Benchmark
    public byte[] signature(Parts parts) {
        return parts.mac.doFinal(parts.signed);
    }

    /** Header and signature with jose4j, including base64url. */
    @Benchmark
    public boolean jose4j(Parts parts) throws JoseException {
        JsonWebSignature jws = new JsonWebSignature();
        jws.setKey(parts.key);
        jws.setCompactSerialization(parts.token);
        return jws.verifySignature();
    }

    /** Parsing the claims alone. */
    @Benchmark
    public JsonNode json(Parts parts) throws JsonProcessingException {
        return parts.json.readTree(parts.payload);
    }
}
