package dev.roster.verifier;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.ErrorCodes;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/** Reads access tokens (RFC 9068) and checks all of them but the revocations (RFC 8725). Thread-safe. */
final class TokenReader {
    private static final String TYPE = "at+jwt";
    private static final int MAX_LENGTH = 4096;

    /** How long a token is accepted after its expiry. */
    private static final Duration LEEWAY = Duration.ofSeconds(5);

    /** How far the time of issue may be ahead. */
    private static final Duration MAX_AHEAD = Duration.ofSeconds(60);

    /** Members that bring a key or change what is signed or how it is read. No address among them is ever called. */
    private static final Set<String> REFUSED =
            Set.of("jwk", "jku", "x5u", "x5c", "x5t", "x5t#S256", "crit", "b64", "zip", "cty", "enc");

    private final PublicKeys keys;
    private final String issuer;
    private final String audience;
    private final Clocks clocks;

    TokenReader(PublicKeys keys, String issuer, String audience, Clocks clocks) {
        this.keys = keys;
        this.issuer = issuer;
        this.audience = audience;
        this.clocks = clocks;
    }

    /**
     * Reads a token.
     *
     * @throws InvalidTokenException if it is not valid
     * @throws UnavailableException if its key cannot be fetched
     */
    VerifiedToken read(String compact) {
        if (compact.length() > MAX_LENGTH) {
            throw new InvalidTokenException("The token is too long");
        }
        Map<String, Object> header = header(compact);
        if (!Collections.disjoint(header.keySet(), REFUSED)) {
            throw new InvalidTokenException("The token's header has a member that is not allowed");
        }
        if (!TYPE.equals(header.get("typ"))) {
            throw new InvalidTokenException("The token is not an access token");
        }
        if (!(header.get("kid") instanceof String kid)) {
            throw new InvalidTokenException("The token does not name its key");
        }
        PublicKeys.Key key = keys.find(kid);
        if (!key.algorithm().equals(header.get("alg"))) {
            throw new InvalidTokenException("The token's algorithm is not that of its key");
        }
        Instant now = clocks.wall().instant();
        try {
            return content(consumer(key, now).processToClaims(compact), now);
        } catch (InvalidJwtException e) {
            throw new InvalidTokenException(fault(e)); // without its cause, whose message has the claims
        } catch (MalformedClaimException e) {
            throw malformed();
        }
    }

    private static Map<String, Object> header(String compact) {
        String[] parts = compact.split("\\.", -1);
        if (parts.length != 3) {
            throw malformed();
        }
        try {
            byte[] header = Base64.getUrlDecoder().decode(parts[0]);
            return JsonUtil.parseJson(new String(header, StandardCharsets.UTF_8));
        } catch (JoseException | IllegalArgumentException e) {
            throw malformed();
        }
    }

    private JwtConsumer consumer(PublicKeys.Key key, Instant now) {
        return new JwtConsumerBuilder()
                .setJwsAlgorithmConstraints(new AlgorithmConstraints(ConstraintType.PERMIT, key.algorithm()))
                .setVerificationKey(key.key())
                .setExpectedType(true, TYPE)
                .setExpectedIssuer(true, issuer)
                .setExpectedAudience(true, audience)
                .setRequireSubject()
                .setRequireJwtId()
                .setRequireIssuedAt()
                .setRequireExpirationTime()
                .setAllowedClockSkewInSeconds((int) LEEWAY.toSeconds())
                .setEvaluationTime(NumericDate.fromSeconds(now.getEpochSecond()))
                .build();
    }

    private static VerifiedToken content(JwtClaims claims, Instant now) throws MalformedClaimException {
        Instant issuedAt = instant(claims.getIssuedAt());
        Instant expiresAt = instant(claims.getExpirationTime());
        if (issuedAt == null || expiresAt == null) {
            throw malformed();
        }
        if (issuedAt.isAfter(now.plus(MAX_AHEAD))) {
            throw new InvalidTokenException("The token was issued in the future");
        }
        return new VerifiedToken(
                claims.getJwtId(),
                claims.getSubject(),
                claims.getStringClaimValue("sid"),
                issuedAt,
                expiresAt,
                instant(claims.getNumericDateClaimValue("auth_time")),
                claims.getStringClaimValue("role"));
    }

    private static @Nullable Instant instant(@Nullable NumericDate date) {
        return date == null ? null : Instant.ofEpochSecond(date.getValue());
    }

    private static String fault(InvalidJwtException e) {
        if (e.hasExpired()) {
            return "The token has expired";
        }
        if (e.hasErrorCode(ErrorCodes.SIGNATURE_INVALID)) {
            return "The token's signature is wrong";
        }
        if (e.hasErrorCode(ErrorCodes.ISSUER_INVALID)) {
            return "The token has another issuer";
        }
        return e.hasErrorCode(ErrorCodes.AUDIENCE_INVALID)
                ? "The token is for another audience"
                : "The token is malformed, or a claim is missing";
    }

    private static InvalidTokenException malformed() {
        return new InvalidTokenException("The token is malformed");
    }
}
