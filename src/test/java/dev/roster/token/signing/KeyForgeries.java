package dev.roster.token.signing;

import static dev.roster.support.TestTokens.base64;
import static dev.roster.support.TestTokens.json;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.support.TestTokens;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tokens that a service with public keys must refuse. Each has one fault; where the signature is not the fault, it is
 * that of the service's own key.
 */
final class KeyForgeries {
    private final SigningAlgorithm algorithm;
    private final String kid;
    private final JsonNode jwk;
    private final PublicKey publicKey;
    private final PrivateKey privateKey;
    private final UUID userId;
    private final Map<String, String> forgeries = new LinkedHashMap<>();

    /**
     * @param jwk the published key
     * @param privateKey its private key
     */
    KeyForgeries(SigningAlgorithm algorithm, JsonNode jwk, PrivateKey privateKey, UUID userId) {
        this.algorithm = algorithm;
        this.kid = jwk.path("kid").asText();
        this.jwk = jwk;
        this.publicKey = JdkSignatures.publicKey(jwk);
        this.privateKey = privateKey;
        this.userId = userId;
    }

    /** A token with the service's own key, and no fault. */
    String genuine() {
        return sign(header());
    }

    /**
     * Tokens by name.
     *
     * @param url must not be fetched
     * @param others the ids and algorithms of keys that the service verifies with, too
     * @param ended the id of a key that it verifies with no more
     */
    Map<String, String> all(String url, Map<String, SigningAlgorithm> others, String ended) {
        addPublicKeyAsSecret();
        addKids(others, ended);
        addAlgorithms();
        addHeaders(url);
        addSignatures();
        return forgeries;
    }

    /** The key of HS256 must not be what everybody can fetch (RFC 8725, section 2.1). */
    private void addPublicKeyAsSecret() {
        byte[] der = publicKey.getEncoded();
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        String pem = "-----BEGIN PUBLIC KEY-----\n" + lines + "\n-----END PUBLIC KEY-----";
        Map<String, byte[]> secrets = new LinkedHashMap<>();
        secrets.put("PEM", bytes(pem + "\n"));
        secrets.put("PEM without the last line break", bytes(pem));
        secrets.put("PEM with CRLF", bytes(pem.replace("\n", "\r\n") + "\r\n"));
        secrets.put("the base64 of the PEM", bytes(lines));
        secrets.put("the base64 of the PEM in one line", bytes(lines.replace("\n", "")));
        secrets.put("DER", der);
        secrets.put("the JWK", bytes(jwk.toString()));
        secrets.put("the JWK Set", bytes("{\"keys\":[" + jwk + "]}"));
        secrets.put("the kid", bytes(kid));
        secrets.put("nothing", new byte[] {0});
        for (String member : List.of("x", "y", "n", "e")) {
            if (jwk.has(member)) {
                String text = jwk.path(member).asText();
                secrets.put("the text of " + member, bytes(text));
                secrets.put("the bytes of " + member, decode(text));
            }
        }
        if (jwk.has("y")) {
            byte[] point =
                    concat(decode(jwk.path("x").asText()), decode(jwk.path("y").asText()));
            secrets.put("x and y", point);
            secrets.put("the uncompressed point", concat(new byte[] {4}, point));
        }
        secrets.forEach((name, secret) -> {
            add("HS256 with " + name, hmac(headerWith("alg", "HS256"), secret));
            add("HS256 without kid with " + name, hmac(without(headerWith("alg", "HS256"), "kid"), secret));
            add(algorithm.id() + " signed by HMAC with " + name, hmac(header(), secret));
        });
        add("HS256 with JWT_SECRET_KEY and this kid", hmac(headerWith("alg", "HS256"), bytes(TestTokens.SECRET_KEY)));
    }

    private void addKids(Map<String, SigningAlgorithm> others, String ended) {
        others.forEach((other, otherAlgorithm) -> {
            add("the kid of another key, " + otherAlgorithm.id(), sign(headerWith("kid", other)));
            Map<String, Object> header = headerWith("kid", other);
            header.put("alg", otherAlgorithm.id());
            add("the kid and the algorithm of another key, " + otherAlgorithm.id(), sign(header));
        });
        add("the kid of a key that has ended", sign(headerWith("kid", ended)));
        add("no kid", sign(without(header(), "kid")));
        String otherCase = kid.chars().anyMatch(Character::isUpperCase) ? kid.toLowerCase(Locale.ROOT) : "";
        for (Object value : List.of(
                "",
                " " + kid,
                kid + " ",
                kid + "\0",
                otherCase,
                "HS256",
                "A".repeat(43),
                "../" + kid,
                "' OR kid = '" + kid,
                1,
                List.of(kid),
                Map.of("kid", kid))) {
            add("kid " + json(value), sign(headerWith("kid", value)));
        }
    }

    /** Each key has one algorithm (RFC 8725, section 3.1). */
    private void addAlgorithms() {
        for (String other : List.of(
                "ES256", "RS256", "EdDSA", "HS256", "none", "None", "ES384", "ES512", "RS384", "RS512", "PS256",
                "Ed25519", "ES256K", "HS512", "", "es256", "eddsa")) {
            if (!other.equals(algorithm.id())) {
                add("declared as " + other, sign(headerWith("alg", other)));
                add("declared as " + other + ", without kid", sign(without(headerWith("alg", other), "kid")));
            }
        }
        String unsigned = base64(bytes(json(headerWith("alg", "none")))) + "." + base64(bytes(json(claims())));
        add("none without a signature", unsigned + ".");
        add("none without a part for the signature", unsigned);
        for (SigningAlgorithm other : List.of(SigningAlgorithm.ES256, SigningAlgorithm.RS256, SigningAlgorithm.EDDSA)) {
            PrivateKey foreign = other.generate(new SecureRandom()).getPrivateKey();
            Map<String, Object> header = headerWith("alg", other.id());
            add(
                    "signed by a foreign key, " + other.id(),
                    JdkSignatures.sign(json(header), json(claims()), foreign, other));
        }
    }

    /** Keys and their addresses in a token (RFC 8725, sections 3.10 and 3.11). */
    private void addHeaders(String url) {
        var foreign = algorithm.generate(new SecureRandom());
        String embedded = foreign.toJson();
        for (String name : List.of("jku", "x5u", "iss", "jwks_uri")) {
            add(name, sign(headerWith(name, url)));
            add(
                    name + " of a foreign key",
                    JdkSignatures.sign(
                            json(headerWith(name, url)), json(claims()), foreign.getPrivateKey(), algorithm));
        }
        for (Map.Entry<String, Object> other : Map.<String, Object>of(
                        "x5c", List.of(base64(publicKey.getEncoded())),
                        "x5t", "AAAA",
                        "x5t#S256", "AAAA",
                        "crit", List.of("exp"),
                        "b64", true,
                        "zip", "DEF",
                        "cty", "JWT")
                .entrySet()) {
            add(other.getKey(), sign(headerWith(other.getKey(), other.getValue())));
        }
        String header = json(header());
        String own = header.replaceFirst("}$", ",\"jwk\":" + jwk + "}");
        add("its own key as jwk", JdkSignatures.sign(own, json(claims()), privateKey, algorithm));
        String withKey = header.replaceFirst("}$", ",\"jwk\":" + embedded + "}");
        add("a foreign key as jwk", JdkSignatures.sign(withKey, json(claims()), foreign.getPrivateKey(), algorithm));
        String twice = header.replaceFirst("}$", ",\"kid\":\"" + kid + "\"}");
        add("kid twice", JdkSignatures.sign(twice, json(claims()), privateKey, algorithm));
        Map<String, Object> unencoded = headerWith("b64", false);
        unencoded.put("crit", List.of("b64"));
        add("an unencoded payload (RFC 7797)", sign(unencoded));
        add("another type", sign(headerWith("typ", "JWT")));
    }

    private void addSignatures() {
        String token = genuine();
        String input = token.substring(0, token.lastIndexOf('.') + 1);
        int length = decode(token.substring(input.length())).length;
        // Java accepted a signature of zeros for any key (CVE-2022-21449).
        add("a signature of zeros", input + base64(new byte[length]));
        add("no signature", input);
        add("half a signature", token.substring(0, token.length() - algorithm.signatureLength() / 2));
        add(
                "a signature with a zero byte more",
                input + base64(concat(decode(token.substring(input.length())), new byte[3])));
        add(
                "the signature of another token",
                input + genuine().substring(genuine().lastIndexOf('.') + 1));
    }

    private void add(String name, String token) {
        forgeries.put(name, token);
    }

    private String sign(Map<String, Object> header) {
        return JdkSignatures.sign(json(header), json(claims()), privateKey, algorithm);
    }

    private String hmac(Map<String, Object> header, byte[] secret) {
        String input = base64(bytes(json(header))) + "." + base64(bytes(json(claims())));
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return input + "." + base64(mac.doFinal(bytes(input)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private Map<String, Object> header() {
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("alg", algorithm.id());
        header.put("typ", "at+jwt");
        header.put("kid", kid);
        return header;
    }

    private Map<String, Object> headerWith(String name, Object value) {
        Map<String, Object> header = header();
        header.put(name, value);
        return header;
    }

    private static Map<String, Object> without(Map<String, Object> header, String name) {
        header.remove(name);
        return header;
    }

    private Map<String, Object> claims() {
        return TestTokens.claims(userId);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] decode(String text) {
        return Base64.getUrlDecoder().decode(text);
    }

    private static byte[] concat(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }
}
