package dev.roster.token.signing;

import static dev.roster.support.TestTokens.base64;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;

/** Signs and verifies tokens with the JDK alone, so that the library under test does not check itself. */
final class JdkSignatures {
    private JdkSignatures() {}

    static String sign(String header, String payload, PrivateKey key, SigningAlgorithm algorithm) {
        String input = base64(header.getBytes(StandardCharsets.UTF_8)) + "."
                + base64(payload.getBytes(StandardCharsets.UTF_8));
        try {
            Signature signature = signature(algorithm);
            signature.initSign(key);
            signature.update(input.getBytes(StandardCharsets.US_ASCII));
            return input + "." + base64(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static boolean verify(String token, PublicKey key, SigningAlgorithm algorithm) {
        int end = token.lastIndexOf('.');
        try {
            Signature signature = signature(algorithm);
            signature.initVerify(key);
            signature.update(token.substring(0, end).getBytes(StandardCharsets.US_ASCII));
            return signature.verify(Base64.getUrlDecoder().decode(token.substring(end + 1)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Signature signature(SigningAlgorithm algorithm) throws GeneralSecurityException {
        return Signature.getInstance(
                switch (algorithm) {
                    case ES256 -> "SHA256withECDSAinP1363Format";
                    case RS256 -> "SHA256withRSA";
                    case EDDSA -> "Ed25519";
                    case HS256 -> throw new IllegalArgumentException("HS256 has no private key");
                });
    }

    /** The key of a public JWK (RFC 7518, section 6; RFC 8037, section 2). */
    static PublicKey publicKey(JsonNode jwk) {
        try {
            return switch (jwk.path("kty").asText()) {
                case "EC" -> {
                    AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
                    curve.init(new ECGenParameterSpec("secp256r1"));
                    yield KeyFactory.getInstance("EC")
                            .generatePublic(new ECPublicKeySpec(
                                    new ECPoint(number(jwk, "x"), number(jwk, "y")),
                                    curve.getParameterSpec(ECParameterSpec.class)));
                }
                case "RSA" ->
                    KeyFactory.getInstance("RSA")
                            .generatePublic(new RSAPublicKeySpec(number(jwk, "n"), number(jwk, "e")));
                default -> {
                    // Little endian; the highest bit tells whether x is odd (RFC 8032, section 5.1.2).
                    byte[] y = Base64.getUrlDecoder().decode(jwk.path("x").asText());
                    boolean isOdd = y[y.length - 1] < 0;
                    y[y.length - 1] &= Byte.MAX_VALUE;
                    yield KeyFactory.getInstance("Ed25519")
                            .generatePublic(new EdECPublicKeySpec(
                                    NamedParameterSpec.ED25519, new EdECPoint(isOdd, new BigInteger(1, reversed(y)))));
                }
            };
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static BigInteger number(JsonNode jwk, String member) {
        return new BigInteger(1, Base64.getUrlDecoder().decode(jwk.path(member).asText()));
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return reversed;
    }
}
