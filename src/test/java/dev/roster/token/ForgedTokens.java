package dev.roster.token;

import static dev.roster.support.TestTokens.SECRET_KEY;
import static dev.roster.support.TestTokens.base64;
import static dev.roster.support.TestTokens.json;
import static dev.roster.support.TestTokens.sign;

import dev.roster.support.TestTokens;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.Arguments;

/** Invalid tokens. Each has exactly one fault, and a correct signature unless that is the fault. */
final class ForgedTokens {
    private static final String HMAC = "HmacSHA256";

    private final UUID userId;
    private final List<Arguments> forgeries = new ArrayList<>();

    private ForgedTokens(UUID userId) {
        this.userId = userId;
    }

    /** Pairs of a name and a token. */
    static Stream<Arguments> of(UUID userId) {
        ForgedTokens tokens = new ForgedTokens(userId);
        tokens.addAlgorithms();
        tokens.addSignaturesAndParts();
        tokens.addHeaders();
        tokens.addTypes();
        tokens.addClaims();
        tokens.addTimes();
        tokens.addPayloads();
        tokens.addEncrypted();
        tokens.addAsymmetric();
        tokens.addEncodings();
        tokens.addForeign();
        return tokens.forgeries.stream();
    }

    private void add(String row, String name, String token) {
        forgeries.add(Arguments.of(row + ": " + name, token));
    }

    private void addAlgorithms() {
        String payload = json(claims());
        for (String none : List.of("none", "None", "NONE", "nOnE")) {
            String unsigned = base64(json(headerWith("alg", none))) + "." + base64(payload);
            add("T1", none + " without a part for the signature", unsigned);
            add("T1", none + " with an empty signature", unsigned + ".");
            add("T1", none + " with a signature", signHeader(headerWith("alg", none)));
        }
        for (String other : List.of("HS384", "HS512")) {
            String algorithm = other.replace("HS", "HmacSHA");
            add("T1", other, sign(json(headerWith("alg", other)), payload, SECRET_KEY, algorithm));
            add("T1", other + " declared as HS256", sign(json(TestTokens.header()), payload, SECRET_KEY, algorithm));
        }
        for (Object other : Arrays.<@Nullable Object>asList(
                "HS384", "RS256", "ES256", "PS256", "EdDSA", "hs256", "HS256 ", "", 256, List.of("HS256"), null)) {
            add("T1", "HS256 declared as " + show(other), signHeader(headerWith("alg", other)));
        }
        add("T1", "no algorithm", signHeader(without(TestTokens.header(), "alg")));
    }

    private void addSignaturesAndParts() {
        String token = sign(TestTokens.header(), claims());
        String[] parts = token.split("\\.", -1);
        String otherSignature = sign(TestTokens.header(), claims()).split("\\.", -1)[2];
        add("T1", "another key", sign(json(TestTokens.header()), json(claims()), SECRET_KEY + "x", HMAC));
        add("T1", "a part of the key", sign(json(TestTokens.header()), json(claims()), SECRET_KEY.substring(1), HMAC));
        add("T1", "another token's signature", parts[0] + "." + parts[1] + "." + otherSignature);
        add("T1", "an empty signature", parts[0] + "." + parts[1] + ".");
        add("T1", "a signature of zeros", parts[0] + "." + parts[1] + "." + "A".repeat(43));
        add("T1", "half a signature", token.substring(0, token.length() - 21));
        add("T1", "no part", ".");
        add("T1", "one part", parts[1]);
        add("T1", "two parts", parts[0] + "." + parts[1]);
        add("T1", "four parts", token + "." + parts[2]);
        add("T1", "five parts", parts[0] + "..." + parts[1] + "." + parts[2]);
        add("T1", "a leading dot", "." + token);
        add("T1", "a trailing dot", token + ".");
        add("T1", "only dots", "..");
        add("T1", "no header", "." + parts[1] + "." + parts[2]);
        add("T1", "parts in another order", parts[1] + "." + parts[0] + "." + parts[2]);
        add("T1", "two tokens", token + "," + token);
        add("T1", "the scheme twice", "Bearer " + token);
    }

    private void addHeaders() {
        Map<String, Object> foreign = new LinkedHashMap<>();
        foreign.put("jwk", Map.of("kty", "oct", "k", base64(SECRET_KEY)));
        foreign.put("jku", "http://127.0.0.1:1/keys");
        foreign.put("x5u", "http://127.0.0.1:1/keys");
        foreign.put("x5c", List.of("MIIB"));
        foreign.put("x5t", "AAAA");
        foreign.put("crit", List.of("exp"));
        foreign.put("b64", true);
        foreign.put("cty", "JWT");
        foreign.put("zip", "DEF");
        foreign.put("enc", "A128GCM");
        foreign.put("p2c", 2_000_000_000);
        foreign.put("Alg", "HS256");
        foreign.put("anything", "else");
        foreign.put("x5t#S256", "AAAA");
        foreign.put("epk", Map.of("kty", "EC"));
        foreign.put("p2s", "AAAA");
        foreign.put("iss", "roster");
        foreign.put("__proto__", Map.of("alg", "none"));
        foreign.put("", "");
        // The service understands no extension, and refuses each, in crit (RFC 7515, section 4.1.11) or not.
        add("T3", "no critical header", signHeader(headerWith("crit", List.of())));
        Map<String, Object> unencoded = headerWith("crit", List.of("b64"));
        unencoded.put("b64", false);
        add("T3", "a payload declared as unencoded (RFC 7797)", signHeader(unencoded));
        foreign.forEach((name, value) -> add("T3", name, signHeader(headerWith(name, value))));
        for (String header : List.of(
                "{'alg':'HS256','alg':'HS256','typ':'at+jwt'}",
                "{'alg':'none','alg':'HS256','typ':'at+jwt'}",
                "{'alg':'HS256','typ':'JWT','typ':'at+jwt'}",
                "{'alg':'HS256','typ':'at+jwt','kid':'a','kid':'b'}",
                "['alg','HS256']",
                "'HS256'",
                "null",
                "{}",
                "{'al\\u0067':'none','alg':'HS256','typ':'at+jwt'}", // the same name, escaped
                "{'alg':'HS256','\\u0061lg':'none','typ':'at+jwt'}",
                "{'alg':'HS256','typ':'at+jwt','t\\u0079p':'JWT'}",
                "{'alg':'HS256\\u0000','typ':'at+jwt'}",
                "{'alg':'HS256','typ':'at+jwt','\\ud800':1}",
                "{'alg':'HS256','typ':'at+jwt'} ,",
                "{'alg':'HS256','typ':'at+jwt',}",
                "{'alg':'HS256','typ':'at+jwt'}//",
                "/**/{'alg':'HS256','typ':'at+jwt'}",
                "{alg:'HS256',typ:'at+jwt'}",
                "\ufeff{'alg':'HS256','typ':'at+jwt'}",
                "{'alg':'HS256','typ':'at+jwt'",
                "{'alg':'HS256','typ':'at+jwt'}}",
                "not JSON")) {
            add("T3", header, sign(header.replace('\'', '"'), json(claims()), SECRET_KEY, HMAC));
        }
    }

    private void addTypes() {
        for (Object type : Arrays.<@Nullable Object>asList(
                "JWT",
                "jwt",
                "AT+JWT",
                "at+jwt ",
                "",
                "refresh+jwt",
                "application/at+jwt",
                "id_token",
                "logout+jwt",
                "secevent+jwt",
                1,
                null)) {
            add("T4", "typ " + show(type), signHeader(headerWith("typ", type)));
        }
        add("T4", "typ [\"at+jwt\"]", signHeader(headerWith("typ", List.of("at+jwt"))));
        add("T4", "no typ", signHeader(without(TestTokens.header(), "typ")));
    }

    private void addClaims() {
        for (String claim : List.of("iss", "aud", "sub", "jti", "iat", "exp")) {
            add("T4", "no " + claim, sign(TestTokens.header(), without(claims(), claim)));
            for (Object value : Arrays.<@Nullable Object>asList(
                    null, "", " ", "other", "Roster", "1", -1, 1.5, true, List.of(), List.of(1), Map.of("a", 1))) {
                addClaim("T4", claim, value);
            }
        }
        for (Object value : Arrays.<@Nullable Object>asList(
                null, "", "1", "" + Instant.now().getEpochSecond(), -1, 1.5, 1e308, true, List.of(1), Map.of("a", 1))) {
            addClaim("T4", "auth_time", value);
        }
        for (Object value : Arrays.<@Nullable Object>asList(null, 1, true, List.of("admin"), Map.of("admin", true))) {
            addClaim("T4", "role", value);
        }
        for (String claim : List.of("sub", "jti", "sid")) {
            String id = userId.toString();
            for (Object value : List.of(
                    "",
                    "1-1-1-1-1",
                    "no-uuid",
                    " " + id,
                    id + " ",
                    id.replace("-", ""),
                    "{" + id + "}",
                    "0000000" + id,
                    "ABCDEF00" + id.substring(8),
                    1,
                    true,
                    List.of(id))) {
                addClaim("T4", claim, value);
            }
        }
    }

    private void addTimes() {
        long now = Instant.now().getEpochSecond();
        for (Object value : List.of(1e308, -1e308, 1.5 + now, "" + now, Long.MAX_VALUE, 253_402_300_800L, -1, 0)) {
            addClaim("T5", "exp", value);
        }
        for (Object value : List.of(1e308, -1e308, 1.5 + now, "" + now, Long.MAX_VALUE, Long.MIN_VALUE, now + 600)) {
            addClaim("T5", "iat", value);
        }
        addClaim("T5", "exp", now + 930);
        addClaim("T5", "exp", now - 60);
        addClaim("T5", "iat", now - 30);
        addClaim("T5", "nbf", now + 600);
        addClaim("T5", "nbf", "" + now);
        String payload = json(without(claims(), "exp"));
        for (String value : List.of("1e308", "1e999", "9".repeat(100), "0" + now, "+" + now, "NaN", "0x7fffffff")) {
            String claims = payload.replace("}", ",\"exp\":" + value + "}");
            add("T5", "exp " + value, sign(json(TestTokens.header()), claims, SECRET_KEY, HMAC));
        }
    }

    private void addPayloads() {
        String payload = json(claims());
        for (String other : List.of(
                "[]",
                "1",
                "null",
                "\"\"",
                "{",
                "not JSON",
                payload + "x",
                payload + payload,
                payload.replace("{", "{\"sub\":\"" + userId + "\","),
                payload.replace("}", ",\"exp\":99999999999}"),
                "[".repeat(500) + "]".repeat(500))) {
            add("T4", "payload " + other, sign(json(TestTokens.header()), other, SECRET_KEY, HMAC));
        }
    }

    private void addEncrypted() {
        String token = sign(TestTokens.header(), claims());
        Map<String, Object> nested = headerWith("cty", "JWT");
        add("T7", "a token within a token", sign(json(nested), token, SECRET_KEY, HMAC));
        add("T7", "a token within a token, without cty", sign(json(TestTokens.header()), token, SECRET_KEY, HMAC));
        String rest = "." + "A".repeat(43) + "." + "A".repeat(16) + "." + "A".repeat(64) + "." + "A".repeat(22);
        for (String algorithm : List.of("dir", "A128KW", "RSA1_5", "PBES2-HS256+A128KW")) {
            Map<String, Object> header = headerWith("alg", algorithm);
            header.putAll(
                    Map.of("enc", "A128CBC-HS256", "zip", "DEF", "p2c", 2_000_000_000, "p2s", "AAAAAAAAAAAAAAAA"));
            add("T7", "encrypted with " + algorithm, base64(json(header)) + rest);
        }
        add("T7", "a long header", signHeader(headerWith("kid", "x".repeat(4000))));
        add("T7", "a deep header", sign("{\"kid\":" + "[".repeat(700), json(claims()), SECRET_KEY, HMAC));
    }

    /** Algorithms with public keys, none of which the service supports. */
    private void addAsymmetric() {
        String payload = json(claims());
        for (String algorithm :
                List.of("RS256", "RS384", "RS512", "PS256", "ES256", "ES256K", "ES384", "ES512", "EdDSA", "Ed25519")) {
            String header = json(headerWith("alg", algorithm));
            String input = base64(header) + "." + base64(payload);
            add("T1", algorithm + " with the secret for a key", sign(header, payload, SECRET_KEY, HMAC));
            // Java accepted a signature of zeros for any key (CVE-2022-21449).
            add("T1", algorithm + " of zeros", input + "." + TestTokens.base64(new byte[64]));
            add(
                    "T1",
                    algorithm + " of zeros in DER",
                    input + "." + TestTokens.base64(new byte[] {48, 6, 2, 1, 0, 2, 1, 0}));
            add("T1", algorithm + " with an empty signature", input + ".");
        }
        Map<String, Object> ownKey = headerWith("alg", "HS256");
        ownKey.put("jwk", Map.of("kty", "oct", "k", base64("another-key")));
        add("T3", "a key in the header", sign(json(ownKey), payload, "another-key", HMAC));
        // Key ids that elsewhere led to a file, a row, a command or an empty key.
        for (String kid : List.of(
                "/dev/null",
                "../../../../../../dev/null",
                "file:///dev/null",
                "http://127.0.0.1:1/key",
                "x' UNION SELECT 'key' --",
                "x|echo key",
                "${jndi:ldap://127.0.0.1:1/a}",
                "",
                "\0")) {
            String header = json(headerWith("kid", kid));
            for (String key : List.of("\0", "key", "secret", "roster")) {
                add("T3", "kid " + kid + " and the key " + key, sign(header, payload, key, HMAC));
            }
        }
    }

    /** Valid tokens in other encodings than base64url without padding (RFC 7515, section 2). */
    private void addEncodings() {
        String token = sign(TestTokens.header(), claims());
        for (String behind :
                List.of("=", "==", "\n", " x", "%00", "\0", ",", ";", "#", "?", ".", "A", "AAAA", "\u00a0")) {
            add("T2", "followed by " + json(behind), token + behind);
        }
        String[] parts = token.split("\\.", -1);
        for (int i = 0; i < parts.length; i++) {
            String[] other = parts.clone();
            other[i] =
                    parts[i] + "=".repeat((4 - parts[i].length() % 4) % 4) + (parts[i].length() % 4 == 0 ? "====" : "");
            add("T2", "part " + i + " padded", String.join(".", other));
            other[i] = parts[i].substring(0, 5) + "%2D" + parts[i].substring(5);
            add("T2", "part " + i + " with a percent", String.join(".", other));
            other[i] = parts[i].substring(0, 5) + "!" + parts[i].substring(5);
            add("T2", "part " + i + " with an invalid character", String.join(".", other));
            other[i] = parts[i].substring(0, 5) + "+" + parts[i].substring(6);
            add("T2", "part " + i + " with a plus", String.join(".", other));
            char last = parts[i].charAt(parts[i].length() - 1);
            other[i] = parts[i].substring(0, parts[i].length() - 1) + (char) (last == 'z' ? 'y' : last + 1);
            add("T2", "part " + i + " with its last character changed", String.join(".", other));
            other[i] = parts[i] + "A";
            add("T2", "part " + i + " with an extra character", String.join(".", other));
        }
        String general = "{\"payload\":\"" + parts[1] + "\",\"protected\":\"" + parts[0] + "\",\"signature\":\""
                + parts[2] + "\"}";
        add("T2", "JSON serialisation", general);
        add("T2", "JSON serialisation in base64", base64(general));
    }

    /** Valid tokens of other services or for other purposes. */
    private void addForeign() {
        for (String other : List.of("https://other.example", "roster ", "ROSTER", "roster/", "rоster", "roster\0")) {
            addClaim("T4", "iss", other);
            addClaim("T4", "aud", other);
            addClaim("T4", "aud", List.of(other));
        }
        addClaim("T4", "aud", List.of("roster", 1));
        addClaim("T4", "aud", Map.of("roster", "roster"));
        addClaim("T4", "iss", List.of("roster"));
        for (String claim : List.of("sub", "exp", "aud", "iss", "jti", "iat")) {
            String escaped = "\\u%04x".formatted((int) claim.charAt(0)) + claim.substring(1);
            String payload = json(claims());
            String twice = "{\"" + escaped + "\":1," + payload.substring(1);
            add("T4", claim + " twice, once escaped", sign(json(TestTokens.header()), twice, SECRET_KEY, HMAC));
        }
    }

    private void addClaim(String row, String claim, @Nullable Object value) {
        Map<String, Object> claims = claims();
        putNullable(claims, claim, value);
        add(row, claim + " " + show(value), sign(TestTokens.header(), claims));
    }

    private Map<String, Object> claims() {
        return TestTokens.claims(userId);
    }

    private String signHeader(Map<String, Object> header) {
        return sign(header, claims());
    }

    private static Map<String, Object> headerWith(String name, @Nullable Object value) {
        Map<String, Object> header = TestTokens.header();
        putNullable(header, name, value);
        return header;
    }

    @SuppressWarnings("NullAway") // some forgeries need a JSON null
    private static void putNullable(Map<String, Object> map, String name, @Nullable Object value) {
        map.put(name, value);
    }

    private static Map<String, Object> without(Map<String, Object> map, String name) {
        map.remove(name);
        return map;
    }

    private static String show(@Nullable Object value) {
        return value == null ? "null" : json(value);
    }

    private static String base64(String text) {
        return TestTokens.base64(text.getBytes(StandardCharsets.UTF_8));
    }
}
