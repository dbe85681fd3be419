package dev.roster.support;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.roster.user.Roles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes tokens with the JDK alone, so that the library under test does not check itself. */
public final class TestTokens {
    /** The key of the services under test. */
    public static final String SECRET_KEY = "test-9vKq3LzPpW7cYtXr1nUeHsBd5GmJ0aFf";

    /** The roles of the services under test, as {@code config.yml} has them. */
    public static final Roles ROLES = new Roles(Set.of("user", "admin"), Set.of("user", "admin"));

    // ASCII only: a lone surrogate in UTF-8 would reach the service as a question mark.
    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private TestTokens() {}

    /** The header of the service's own tokens. */
    public static Map<String, Object> header() {
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("alg", "HS256");
        header.put("typ", "at+jwt");
        return header;
    }

    /** The claims of a token that the service issues now. */
    public static Map<String, Object> claims(UUID userId) {
        long now = Instant.now().getEpochSecond();
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", "roster");
        claims.put("aud", "roster");
        claims.put("sub", userId.toString());
        claims.put("jti", UUID.randomUUID().toString());
        claims.put("iat", now);
        claims.put("exp", now + 900);
        return claims;
    }

    /** A token of no session, which was issued so long ago; in the future if this is negative. */
    public static String sign(UUID userId, Duration age) {
        return sign(header(), shifted(claims(userId), age));
    }

    /** A token of the same user and session as a token, which was issued so long ago. */
    public static String sign(String token, Duration age) {
        Map<String, Object> claims =
                claims(UUID.fromString(read(token).path("sub").asText()));
        claims.put("sid", read(token).path("sid").asText());
        return sign(header(), shifted(claims, age));
    }

    private static Map<String, Object> shifted(Map<String, Object> claims, Duration age) {
        claims.computeIfPresent("iat", (name, seconds) -> (long) seconds - age.toSeconds());
        claims.computeIfPresent("exp", (name, seconds) -> (long) seconds - age.toSeconds());
        return claims;
    }

    /** Signs with the service's own key and algorithm. */
    public static String sign(Map<String, Object> header, Map<String, Object> claims) {
        return sign(json(header), json(claims), SECRET_KEY, "HmacSHA256");
    }

    /** Signs any header and payload with any key and JCA algorithm. */
    public static String sign(String header, String payload, String key, String algorithm) {
        String input = base64(header.getBytes(StandardCharsets.UTF_8)) + "."
                + base64(payload.getBytes(StandardCharsets.UTF_8));
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), algorithm));
            return input + "." + base64(mac.doFinal(input.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The claims of a token. Does not verify the signature. */
    public static JsonNode read(String token) {
        return part(token, 1);
    }

    /** The header of a token. */
    public static JsonNode readHeader(String token) {
        return part(token, 0);
    }

    private static JsonNode part(String token, int index) {
        try {
            return JSON.readTree(Base64.getUrlDecoder().decode(token.split("\\.", -1)[index]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    public static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
