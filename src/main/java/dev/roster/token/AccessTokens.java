package dev.roster.token;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.roster.refusal.RefusedException;
import dev.roster.refusal.TokenFault;
import dev.roster.token.signing.SigningAlgorithm;
import dev.roster.token.signing.SigningKey;
import dev.roster.token.signing.SigningKeys;
import dev.roster.user.Roles;
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
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * Issues and reads access tokens: JWTs (RFC 7519) by the profile of RFC 9068, signed with the key of the moment and
 * verified by RFC 8725. Thread-safe.
 */
public final class AccessTokens {
    /** How long a token is accepted after its expiry. */
    public static final Duration LEEWAY = Duration.ofSeconds(5);

    /** How far the times at which a token was issued, and begins, may be ahead: the clocks of issuers differ. */
    private static final Duration MAX_AHEAD = Duration.ofSeconds(60);

    private static final String TYPE = "at+jwt";
    private static final String SESSION_ID = "sid";
    private static final String AUTH_TIME = "auth_time"; // OpenID Connect Core 1.0, section 2
    private static final String ROLE = "role";
    private static final Set<String> KNOWN_HEADERS = Set.of("alg", "typ", "kid");

    // Not jose4j's JSON parser: it fills a 32 KiB buffer per token, which takes as long as the signature.
    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** The service's own tokens have about 400 characters. */
    private static final int MAX_LENGTH = 2048;

    // Three parts of unpadded base64url. jose4j ignores characters outside the alphabet; this pattern does not.
    private static final Pattern COMPACT_FORM = Pattern.compile("([\\w-]++)\\.([\\w-]++)\\.([\\w-]++)");

    // The unused bits of a part's last character must be zero. Otherwise one token would have several spellings.
    private static final String LAST_OF_TWO = "AQgw";
    private static final String LAST_OF_THREE = "AEIMQUYcgkosw048";

    private final SigningKeys keys;
    private final String issuer;
    private final String audience;
    private final Duration lifetime;
    private final Roles roles;
    private final Clock clock;
    private final VerifiedTokens verified;

    /** @param roles a token has a role only if users may not give it to themselves, so that services may trust it */
    public AccessTokens(TokenConfiguration configuration, Roles roles, SigningKeys keys, Clock clock) {
        this.keys = keys;
        this.issuer = configuration.issuer();
        this.audience = configuration.audience();
        this.lifetime = configuration.lifetime().toJavaDuration();
        this.roles = roles;
        this.clock = clock;
        this.verified = new VerifiedTokens(span(lifetime));
    }

    /** The longest time from the signing of a token with this lifetime until no clock accepts it. */
    static Duration span(Duration lifetime) {
        return lifetime.plus(MAX_AHEAD).plus(LEEWAY);
    }

    /** The issue time. Read it before loading the session, so that a later revocation outlives the token. */
    public Instant now() {
        return clock.instant();
    }

    /** The last time at which a token issued until now, even by a clock that is ahead, can be accepted. */
    public Instant latestEnd() {
        return clock.instant().plus(span(lifetime));
    }

    /**
     * Issues a token that expires no later than its session.
     *
     * @throws RefusedException {@code UNAVAILABLE} if this node cannot open the key that signs now
     */
    public IssuedToken issue(SessionClaims session, Instant issuedAt) {
        Instant latest = issuedAt.plus(lifetime);
        NumericDate now = numericDate(issuedAt);
        NumericDate end = numericDate(session.end().isBefore(latest) ? session.end() : latest);
        JwtClaims claims = new JwtClaims();
        claims.setIssuer(issuer);
        claims.setAudience(audience);
        claims.setSubject(session.userId().toString());
        claims.setJwtId(UUID.randomUUID().toString());
        claims.setIssuedAt(now);
        claims.setExpirationTime(end);
        claims.setStringClaim(SESSION_ID, session.sessionId().toString());
        claims.setNumericDateClaim(AUTH_TIME, numericDate(session.authTime()));
        if (session.role() != null && roles.isGranted(session.role())) {
            claims.setStringClaim(ROLE, session.role());
        }
        JsonWebSignature jws = new JsonWebSignature();
        SigningKey key = keys.signer();
        jws.setAlgorithmHeaderValue(key.algorithm().id());
        jws.setHeader("typ", TYPE);
        if (key.algorithm().hasPublicKeys()) {
            jws.setKeyIdHeaderValue(key.kid());
        }
        jws.setPayload(claims.toJson());
        jws.setKey(key.signing());
        try {
            return new IssuedToken(jws.getCompactSerialization(), end.getValue() - now.getValue());
        } catch (JoseException e) {
            throw new IllegalStateException("Signing a token failed", e);
        }
    }

    // Whole seconds, rounded down.
    private static NumericDate numericDate(Instant time) {
        return NumericDate.fromSeconds(time.getEpochSecond());
    }

    /**
     * Returns the token if this service signed it and it is valid now; revocations are not checked. The content is
     * cached; the times, and whether its key still verifies, are checked on each call.
     *
     * @throws RefusedException {@code INVALID_TOKEN}
     */
    public AccessToken verify(String compact) {
        if (compact.length() > MAX_LENGTH) {
            throw unread(TokenFault.MALFORMED);
        }
        AccessToken token = verified.read(compact, this::requireKey, this::read);
        if (isExpired(token)) {
            throw token.refused(TokenFault.EXPIRED);
        }
        if (isAhead(token.issuedAt())) {
            throw token.refused(TokenFault.ISSUED_IN_THE_FUTURE);
        }
        if (token.expiresAt().isAfter(token.issuedAt().plus(lifetime))) {
            throw token.refused(TokenFault.TOO_LONG_LIVED);
        }
        return token;
    }

    private boolean isAhead(Instant time) {
        return time.isAfter(clock.instant().plus(MAX_AHEAD));
    }

    /** Whether the token has expired, with leeway. */
    public boolean isExpired(AccessToken token) {
        return !clock.instant().isBefore(token.expiresAt().plus(LEEWAY));
    }

    /**
     * Returns the token if this service signed it, even if it has expired.
     *
     * @throws RefusedException {@code INVALID_TOKEN}
     */
    public AccessToken read(String compact) {
        if (compact.length() > MAX_LENGTH || !isCanonical(compact)) {
            throw unread(TokenFault.MALFORMED);
        }
        SigningKey key = keyOf(requireKnownHeader(compact));
        if (compact.length() - compact.lastIndexOf('.') - 1 != key.algorithm().signatureLength()) {
            throw unread(TokenFault.MALFORMED);
        }
        try {
            JsonWebSignature jws = new JsonWebSignature();
            jws.setAlgorithmConstraints(key.algorithm().constraints());
            jws.setKey(key.verifying());
            jws.setCompactSerialization(compact);
            if (!jws.verifySignature()) {
                throw unread(TokenFault.WRONG_SIGNATURE);
            }
            return readClaims(JSON.readTree(jws.getPayload()), key.kid());
        } catch (JoseException | JsonProcessingException | IllegalArgumentException e) {
            throw unread(TokenFault.MALFORMED);
        }
    }

    /** Refuses a token whose content is unknown or forged: its {@code jti} is not logged. */
    private static RefusedException unread(TokenFault fault) {
        return RefusedException.accessToken(fault, null);
    }

    private AccessToken readClaims(JsonNode claims, String keyId) {
        UUID id = uuid(claims.path("jti"));
        UUID userId = uuid(claims.path("sub"));
        UUID sessionId = uuid(claims.path(SESSION_ID));
        Instant issuedAt = seconds(claims.path("iat"));
        Instant expiresAt = seconds(claims.path("exp"));
        Instant authTime = seconds(claims.path(AUTH_TIME));
        String role = claims.path(ROLE).textValue();
        if (id == null
                || userId == null
                || issuedAt == null
                || expiresAt == null
                || isMalformed(claims, SESSION_ID, sessionId)
                || isMalformed(claims, AUTH_TIME, authTime)
                || isMalformed(claims, ROLE, role)) {
            throw RefusedException.accessToken(TokenFault.MALFORMED, id);
        }
        AccessToken token = new AccessToken(id, userId, sessionId, issuedAt, expiresAt, authTime, role, keyId);
        if (!issuer.equals(claims.path("iss").textValue())) {
            throw token.refused(TokenFault.WRONG_ISSUER);
        }
        if (!isForUs(claims.path("aud"))) {
            throw token.refused(TokenFault.WRONG_AUDIENCE);
        }
        requireBegun(claims, token);
        return token;
    }

    /** Whether an optional claim is there, but has no valid value. */
    private static boolean isMalformed(JsonNode claims, String name, @Nullable Object value) {
        return value == null && claims.has(name);
    }

    // A string or an array of strings (RFC 7519, section 4.1.3).
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

    // The service's own tokens have no nbf, but another holder of the key may set it.
    private void requireBegun(JsonNode claims, AccessToken token) {
        Instant notBefore = seconds(claims.path("nbf"));
        if (isMalformed(claims, "nbf", notBefore)) {
            throw token.refused(TokenFault.MALFORMED);
        }
        if (notBefore != null && isAhead(notBefore)) {
            throw token.refused(TokenFault.NOT_YET_VALID);
        }
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

    /** Refuses a token whose signature was verified before, if its key verifies no more. */
    private void requireKey(AccessToken token) {
        if (keys.find(token.keyId()).isEmpty()) {
            throw token.refused(TokenFault.UNKNOWN_KEY);
        }
    }

    // A key is used only with its own algorithm (RFC 8725, section 3.1). Otherwise a public key could serve as the
    // secret of HS256.
    private SigningKey keyOf(JsonNode header) {
        String algorithm = header.path("alg").textValue();
        String kid = header.path("kid").textValue();
        Optional<SigningKey> key = keys.find(kid);
        if (key.isEmpty() && kid != null && SigningAlgorithm.HS256.id().equals(algorithm)) {
            key = keys.find(null); // another holder of JWT_SECRET_KEY may give it a name
        }
        SigningKey found = key.orElseThrow(() -> unread(TokenFault.UNKNOWN_KEY));
        if (!found.algorithm().id().equals(algorithm)) {
            throw unread(TokenFault.WRONG_ALGORITHM);
        }
        return found;
    }

    // Before jose4j reads the header: reject embedded keys, key URLs, compression and other token types.
    private static JsonNode requireKnownHeader(String compact) {
        JsonNode members = header(compact);
        if (SigningAlgorithm.find(String.valueOf(members.path("alg").textValue()))
                .isEmpty()) {
            throw unread(members.has("alg") ? TokenFault.WRONG_ALGORITHM : TokenFault.MALFORMED);
        }
        if (!TYPE.equals(members.path("typ").textValue())) {
            throw unread(TokenFault.WRONG_TYPE);
        }
        if (!members.propertyStream().map(Map.Entry::getKey).allMatch(KNOWN_HEADERS::contains)) {
            throw unread(TokenFault.MALFORMED);
        }
        if (members.has("kid") && !members.path("kid").isTextual()) {
            throw unread(TokenFault.MALFORMED);
        }
        return members;
    }

    private static JsonNode header(String compact) {
        byte[] header = Base64.getUrlDecoder().decode(compact.substring(0, compact.indexOf('.')));
        try {
            return JSON.readTree(new String(header, StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw unread(TokenFault.MALFORMED);
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

    // A whole number of seconds from 1970 to the year 9999.
    private static @Nullable Instant seconds(JsonNode claim) {
        if (claim.isIntegralNumber() && claim.canConvertToLong()) {
            long value = claim.longValue();
            return value >= 0 && value <= 253_402_300_799L ? Instant.ofEpochSecond(value) : null;
        }
        return null;
    }
}
