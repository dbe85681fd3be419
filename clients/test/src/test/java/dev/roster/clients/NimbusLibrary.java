package dev.roster.clients;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.Ed25519Verifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.proc.SimpleSecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import java.net.MalformedURLException;
import java.util.List;
import java.util.Set;

/** Nimbus JOSE + JWT. Its processor of tokens knows no EdDSA, so this puts its parts together. */
final class NimbusLibrary implements TokenLibrary {
    private static final SecurityContext NO_CONTEXT = new SimpleSecurityContext();

    private final JWSAlgorithm algorithm;
    private final JWKSource<SecurityContext> keys;
    private final DefaultJOSEObjectTypeVerifier<SecurityContext> type =
            new DefaultJOSEObjectTypeVerifier<>(new JOSEObjectType("at+jwt"));
    private final DefaultJWTClaimsVerifier<SecurityContext> claims;

    NimbusLibrary(SigningRoster roster) throws MalformedURLException {
        algorithm = JWSAlgorithm.parse(roster.algorithm());
        // By default Nimbus waits 30 s between two fetches: far below the default of KEY_LEAD, not below this test's.
        keys = JWKSourceBuilder.create(roster.jwks().toURL()).rateLimited(1_000).build();
        claims = new DefaultJWTClaimsVerifier<>(
                SigningRoster.AUDIENCE,
                new JWTClaimsSet.Builder().issuer(roster.issuer()).build(),
                Set.of("exp", "sub", "jti"));
    }

    @Override
    public String check(String token) throws Exception {
        SignedJWT jwt = SignedJWT.parse(token);
        if (!jwt.getHeader().getAlgorithm().equals(algorithm)) {
            return "refused: " + jwt.getHeader();
        }
        type.verify(jwt.getHeader().getType(), NO_CONTEXT);
        List<JWK> found = keys.get(new JWKSelector(JWKMatcher.forJWSHeader(jwt.getHeader())), NO_CONTEXT);
        if (found.size() != 1 || !jwt.verify(verifier(found.get(0)))) {
            return "refused: " + found;
        }
        claims.verify(jwt.getJWTClaimsSet(), NO_CONTEXT);
        return ACCEPTED;
    }

    private static JWSVerifier verifier(JWK key) throws JOSEException {
        if (key instanceof ECKey curve) {
            return new ECDSAVerifier(curve);
        }
        return key instanceof RSAKey rsa ? new RSASSAVerifier(rsa) : new Ed25519Verifier((OctetKeyPair) key);
    }

    @Override
    public String toString() {
        return "Nimbus";
    }
}
