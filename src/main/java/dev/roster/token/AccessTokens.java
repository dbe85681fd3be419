package dev.roster.token;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * Issues and reads access tokens: JWTs (RFC 7519) of the profile of RFC 9068, signed with HS256, read by the rules of
 * RFC 8725. Thread-safe.
 */
public final class AccessTokens {
    /** By how much this clock may differ from the one that wrote a token. */
    public static final Duration LEEWAY = Duration.ofSeconds(5);

    private static final String TYPE = "at+jwt";
    private static final String SESSION_ID = "sid";
    private static final Set<String> KNOWN_HEADERS = Set.of("alg", "typ", "kid");
    private static final AlgorithmConstraints HS256_ALONE =
            new AlgorithmConstraints(ConstraintType.PERMIT, AlgorithmIdentifiers.HMAC_SHA256);

    // jose4j reads JSON too, but fills a buffer of 32 KiB each time, which takes as long as the signature does.
    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** Ours have about 400 characters; what is longer is not worth a look. */
    private static final int MAX_LENGTH = 2048;

    // Three parts of unpadded base64url. jose4j reads past characters that are not of its alphabet; this does not.
    private static final Pattern COMPACT_FORM = Pattern.compile("([\\w-]++)\\.([\\w-]++)\\.([\\w-]{43})");

    // Where a part's last character has bits to spare, they are zero: else one token could be spelled in several ways.
    private static final String LAST_OF_TWO = "AQgw";
    private static final String LAST_OF_THREE = "AEIMQUYcgkosw048";

    private final HmacKey key;
    private final String issuer;
    private final String audience;
    private final Duration lifetime;
    private final Clock clock;
    private final CheckedTokens checked;

    public AccessTokens(TokenConfiguration configuration, Clock clock) {
        this.key = new HmacKey(configuration.secretKey().bytes());
        this.issuer = configuration.issuer();
        this.audience = configuration.audience();
        this.lifetime = configuration.lifetime().toJavaDuration();
        this.clock = clock;
        this.checked = new CheckedTokens(lifetime.plus(LEEWAY));
    }

    /**
     * The time by which tokens are issued. To be read before the session is looked at that a token is issued of: then a
     * revocation that comes after the look outlasts the token, however long the issuing takes.
     */
    public Instant now() {
        return clock.instant();
    }

    /** The last moment at which a token issued up to now can be accepted. */
    public Instant latestEnd() {
        return clock.instant().plus(lifetime).plus(LEEWAY);
    }

    /** A new token of this user and session, which does not outlive the session. */
    public IssuedToken issue(UUID userId, UUID sessionId, Instant issuedAt, Instant sessionEnd) {
        Instant latest = issuedAt.plus(lifetime);
        NumericDate now = NumericDate.fromSeconds(issuedAt.getEpochSecond());
        NumericDate end = NumericDate.fromSeconds((sessionEnd.isBefore(latest) ? sessionEnd : latest).getEpochSecond());
        JwtClaims claims = new JwtClaims();
        claims.setIssuer(issuer);
        claims.setAudience(audience);
        claims.setSubject(userId.toString());
        claims.setJwtId(UUID.randomUUID().toString());
        claims.setIssuedAt(now);
        claims.setExpirationTime(end);
        claims.setStringClaim(SESSION_ID, sessionId.toString());
        JsonWebSignature jws = new JsonWebSignature();
        jws.setAlgorithmHeaderValue(AlgorithmIdentifiers.HMAC_SHA256);
        jws.setHeader("typ", TYPE);
        jws.setPayload(claims.toJson());
        jws.setKey(key);
        try {
            return new IssuedToken(jws.getCompactSerialization(), end.getValue() - now.getValue());
        } catch (JoseException e) {
            throw new IllegalStateException("Signing a token failed", e);
        }
    }

    /**
     * The token, where it is one of ours and may be used now; whether it is revoked is not looked at. What it says is read
     * once, and remembered; whether it may be used is decided each time.
     */
    public Optional<AccessToken> verify(String compact) {
        if (compact.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        return checked.read(compact, this::read)
                .filter(token -> !isExpired(token))
                .filter(token -> !token.issuedAt().isAfter(now.plus(LEEWAY)))
                .filter(token -> !token.expiresAt().isAfter(token.issuedAt().plus(lifetime)));
    }

    /** Whether the token's time is over. */
    public boolean isExpired(AccessToken token) {
        return !clock.instant().isBefore(token.expiresAt().plus(LEEWAY));
    }

    /** The token, where this service signed it, whether or not it may still be used. */
    public Optional<AccessToken> read(String compact) {
        if (compact.length() > MAX_LENGTH || !isCanonical(compact) || !hasKnownHeader(compact)) {
            return Optional.empty();
        }
        try {
            JsonWebSignature jws = new JsonWebSignature();
            jws.setAlgorithmConstraints(HS256_ALONE);
            jws.setKey(key);
            jws.setCompactSerialization(compact);
            return jws.verifySignature() ? readClaims(JSON.readTree(jws.getPayload())) : Optional.empty();
        } catch (JoseException | JsonProcessingException | IllegalArgumentException e) {
            return Optional.empty(); // why a token is bad is nobody's business
        }
    }

    private Optional<AccessToken> readClaims(JsonNode claims) {
        UUID id = uuid(claims.path("jti"));
        UUID userId = uuid(claims.path("sub"));
        UUID sessionId = uuid(claims.path(SESSION_ID));
        Instant issuedAt = seconds(claims.path("iat"));
        Instant expiresAt = seconds(claims.path("exp"));
        boolean badSession = sessionId == null && claims.has(SESSION_ID);
        if (id == null || userId == null || issuedAt == null || expiresAt == null || badSession) {
            return Optional.empty();
        }
        return isOurs(claims) && hasBegun(claims)
                ? Optional.of(new AccessToken(id, userId, sessionId, issuedAt, expiresAt))
                : Optional.empty();
    }

    private boolean isOurs(JsonNode claims) {
        return issuer.equals(claims.path("iss").textValue()) && isForUs(claims.path("aud"));
    }

    // One audience, or a list of them.
    private boolean isForUs(JsonNode audiences) {
        boolean found = audience.equals(audiences.textValue());
        for (JsonNode each : audiences) {
            if (!each.isTextual()) {
                return false;
            }
            found |= audience.equals(each.textValue());
        }
        return found && !audiences.isObject();
    }

    // Ours have no such claim; a token of the same key that has one says since when it may be used.
    private boolean hasBegun(JsonNode claims) {
        Instant notBefore = seconds(claims.path("nbf"));
        return notBefore == null
                ? !claims.has("nbf")
                : !notBefore.isAfter(clock.instant().plus(LEEWAY));
    }

    private static boolean isCanonical(String compact) {
        if (!COMPACT_FORM.matcher(compact).matches()) {
            return false;
        }
        int first = compact.indexOf('.');
        int second = compact.indexOf('.', first + 1);
        return isCanonicalPart(compact, 0, first)
                && isCanonicalPart(compact, first + 1, second)
                && isCanonicalPart(compact, second + 1, compact.length());
    }

    private static boolean isCanonicalPart(String compact, int start, int end) {
        char last = compact.charAt(end - 1);
        return switch ((end - start) % 4) {
            case 0 -> true;
            case 2 -> LAST_OF_TWO.indexOf(last) >= 0;
            case 3 -> LAST_OF_THREE.indexOf(last) >= 0;
            default -> false;
        };
    }

    // Before jose4j sees it: a header that names a key, a compression or another kind of token is looked at no further.
    private static boolean hasKnownHeader(String compact) {
        byte[] header = Base64.getUrlDecoder().decode(compact.substring(0, compact.indexOf('.')));
        try {
            JsonNode members = JSON.readTree(new String(header, StandardCharsets.UTF_8));
            return AlgorithmIdentifiers.HMAC_SHA256.equals(members.path("alg").textValue())
                    && TYPE.equals(members.path("typ").textValue())
                    && members.propertyStream().map(Map.Entry::getKey).allMatch(KNOWN_HEADERS::contains);
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    private static @Nullable UUID uuid(JsonNode claim) {
        String text = claim.textValue();
        if (text == null) {
            return null;
        }
        UUID uuid = UUID.fromString(text);
        return uuid.toString().equals(text) ? uuid : null;
    }

    // A whole number of seconds and nothing else: no text, no fraction, nothing before 1970 or past the year 9999.
    private static @Nullable Instant seconds(JsonNode claim) {
        if (claim.isIntegralNumber() && claim.canConvertToLong()) {
            long value = claim.longValue();
            return value >= 0 && value <= 253_402_300_799L ? Instant.ofEpochSecond(value) : null;
        }
        return null;
    }
}
