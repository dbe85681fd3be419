package dev.roster.verifier;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.OctetKeyPairJsonWebKey;
import org.jose4j.jwk.OkpJwkGenerator;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;

/** A key that signs tokens as Roster does. */
record TestKey(PublicJsonWebKey pair) {
    static final String ISSUER = "https://roster.example.com";
    static final String AUDIENCE = "orders";
    static final String SUBJECT = "0190a7c0-0000-7000-8000-000000000001";
    static final String SESSION = "0190a7c0-0000-7000-8000-000000000002";

    static TestKey of(String algorithm) {
        try {
            PublicJsonWebKey pair =
                    switch (algorithm) {
                        case "ES256" -> EcJwkGenerator.generateJwk(EllipticCurves.P256);
                        case "RS256" -> RsaJwkGenerator.generateJwk(2048);
                        case "EdDSA" -> OkpJwkGenerator.generateJwk(OctetKeyPairJsonWebKey.SUBTYPE_ED25519);
                        default -> throw new IllegalArgumentException(algorithm);
                    };
            pair.setKeyId(pair.calculateBase64urlEncodedThumbprint("SHA-256"));
            pair.setAlgorithm(algorithm);
            pair.setUse("sig");
            return new TestKey(pair);
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The public part. */
    Map<String, Object> published() {
        return new HashMap<>(pair.toParams(OutputControlLevel.PUBLIC_ONLY));
    }

    String token(Instant now) {
        return token(now, jws -> {}, claims -> {});
    }

    String tokenWithHeader(Instant now, Consumer<JsonWebSignature> change) {
        return token(now, change, claims -> {});
    }

    String tokenWithClaims(Instant now, Consumer<JwtClaims> change) {
        return token(now, jws -> {}, change);
    }

    private String token(Instant now, Consumer<JsonWebSignature> header, Consumer<JwtClaims> content) {
        JwtClaims claims = new JwtClaims();
        claims.setIssuer(ISSUER);
        claims.setAudience(AUDIENCE);
        claims.setSubject(SUBJECT);
        claims.setJwtId(UUID.randomUUID().toString());
        claims.setStringClaim("sid", SESSION);
        claims.setIssuedAt(NumericDate.fromSeconds(now.getEpochSecond()));
        claims.setExpirationTime(NumericDate.fromSeconds(now.getEpochSecond() + 900));
        claims.setNumericDateClaim("auth_time", NumericDate.fromSeconds(now.getEpochSecond() - 60));
        claims.setStringClaim("role", "editor");
        content.accept(claims);
        JsonWebSignature jws = new JsonWebSignature();
        jws.setAlgorithmHeaderValue(pair.getAlgorithm());
        jws.setHeader("typ", "at+jwt");
        jws.setKeyIdHeaderValue(pair.getKeyId());
        jws.setPayload(claims.toJson());
        jws.setKey(pair.getPrivateKey());
        header.accept(jws);
        try {
            return jws.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }
}
