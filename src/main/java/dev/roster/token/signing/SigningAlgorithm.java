package dev.roster.token.signing;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.OctetKeyPairJsonWebKey;
import org.jose4j.jwk.OkpJwkGenerator;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;

/** The algorithms that sign access tokens (RFC 7518, section 3.1; RFC 8037, section 3.1). */
public enum SigningAlgorithm {
    /** HMAC with {@code JWT_SECRET_KEY}. */
    HS256("HS256", 43),
    /** ECDSA with the curve P-256. */
    ES256("ES256", 86),
    /** RSASSA-PKCS1-v1_5 with 2048 bits. */
    RS256("RS256", 342),
    /** With the curve Ed25519. */
    EDDSA("EdDSA", 86);

    private static final int RSA_BITS = 2048;

    private final String id;
    private final int signatureLength;

    @SuppressWarnings("ImmutableEnumChecker") // it has no setters
    private final AlgorithmConstraints constraints;

    SigningAlgorithm(String id, int signatureLength) {
        this.id = id;
        this.signatureLength = signatureLength;
        this.constraints = new AlgorithmConstraints(ConstraintType.PERMIT, id);
    }

    /** The value of {@code alg}, of {@code TOKEN_ALGORITHM}, and of the column {@code algorithm}. */
    public String id() {
        return id;
    }

    /** The length of a signature in base64url. */
    public int signatureLength() {
        return signatureLength;
    }

    /** Permits this algorithm only. */
    public AlgorithmConstraints constraints() {
        return constraints;
    }

    /** Whether it signs with a private key and verifies with a public one. */
    public boolean hasPublicKeys() {
        return this != HS256;
    }

    /** The algorithm with this id; empty if this version does not know it. */
    public static Optional<SigningAlgorithm> find(String id) {
        return Arrays.stream(values())
                .filter(algorithm -> algorithm.id.equals(id))
                .findAny();
    }

    /** Makes a key pair. Takes some 100 ms for RS256. */
    PublicJsonWebKey generate(SecureRandom random) {
        try {
            return switch (this) {
                case ES256 -> EcJwkGenerator.generateJwk(EllipticCurves.P256, null, random);
                case RS256 -> RsaJwkGenerator.generateJwk(RSA_BITS, null, random);
                case EDDSA -> OkpJwkGenerator.generateJwk(OctetKeyPairJsonWebKey.SUBTYPE_ED25519, null, random);
                case HS256 -> throw new IllegalStateException("The key of HS256 is JWT_SECRET_KEY");
            };
        } catch (JoseException e) {
            throw new IllegalStateException("Making a key failed", e);
        }
    }
}
