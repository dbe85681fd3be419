package dev.roster.token.signing;

import java.security.Key;
import java.util.Map;

/**
 * A key that this node can sign and verify with. Its parsed form is kept, because parsing takes longer than verifying.
 *
 * @param kid the thumbprint of the public key (RFC 7638); {@link #HS256} for {@code JWT_SECRET_KEY}
 * @param algorithm the only algorithm that it may be used with (RFC 8725, section 3.1)
 * @param signing the private key, or the secret
 * @param verifying the public key, or the secret
 * @param publicJwk the members of the public JWK (RFC 7517); empty for HS256
 */
public record SigningKey(
        String kid, SigningAlgorithm algorithm, Key signing, Key verifying, Map<String, Object> publicJwk) {
    /** The id of the key of HS256, which tokens do not carry. */
    public static final String HS256 = "HS256";

    @Override
    public String toString() {
        return "SigningKey[" + kid + "]";
    }
}
