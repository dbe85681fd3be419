package dev.roster.token.signing;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Leaks;
import dev.roster.support.http.Reply;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

/** The public keys: {@code GET /.well-known/jwks.json}. */
class JwksIT {
    private static final String PATH = "/.well-known/jwks.json";

    /** The members that name a key (RFC 7638, section 3.2), in lexicographic order. */
    private static final Map<String, List<String>> NAMING = Map.of(
            "EC", List.of("crv", "kty", "x", "y"), "RSA", List.of("e", "kty", "n"), "OKP", List.of("crv", "kty", "x"));

    private final RosterExtension roster = new RosterExtension();

    @AfterEach
    void stop() {
        roster.stop();
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "HS256")
    void tokensAreVerifiedWithThePublishedKeyAlone(SigningAlgorithm algorithm) throws Exception {
        Api api = start(algorithm.id());
        TestUser user = api.newUser();
        api.get("/users/me", user.token()).expect(200);

        Reply answer = Leaks.none(api.raw("GET", PATH).expect(200));

        assertThat(answer.header("Content-Type")).isEqualTo("application/jwk-set+json");
        assertThat(answer.header("Cache-Control")).isEqualTo("public, max-age=300");
        assertThat(answer.body().fieldNames()).toIterable().containsExactly("keys");
        assertThat(answer.body().path("keys")).hasSize(1);
        JsonNode key = answer.body().at("/keys/0");
        List<String> naming = requireNonNull(NAMING.get(key.path("kty").asText()));
        assertThat(key.fieldNames())
                .toIterable()
                .containsAll(naming)
                .containsAll(List.of("kid", "alg", "use"))
                .hasSize(naming.size() + 3);
        assertThat(key.path("kid").asText()).isEqualTo(thumbprint(key, naming)).isEqualTo(KeyTable.kid(user.token()));
        assertThat(key.path("alg").asText()).isEqualTo(algorithm.id());
        assertThat(key.path("use").asText()).isEqualTo("sig");
        assertThat(JdkSignatures.verify(user.token(), JdkSignatures.publicKey(key), algorithm))
                .isTrue();
    }

    @Test
    void answerIsNotRepeatedWhileTheKeysAreTheSame() throws Exception {
        Api api = start("ES256");
        String tag = String.valueOf(api.raw("GET", PATH).expect(200).header("ETag"));
        assertThat(tag).matches("\"[0-9a-f]{64}\"");

        Reply same = api.send(api.requestTo(PATH).header("If-None-Match", tag).GET());
        api.send(api.requestTo(PATH).header("If-Match", "\"other\"").GET()).expectProblem(412, "version-conflict");
        Reply head = api.raw("HEAD", PATH).expect(200);

        assertThat(same.expect(304).text()).isEmpty();
        assertThat(same.header("ETag")).isEqualTo(tag);
        assertThat(same.header("Cache-Control")).isEqualTo("public, max-age=300");
        assertThat(head.header("ETag")).isEqualTo(tag);
        assertThat(head.text()).isEmpty();

        String added = new KeyTable(roster.database())
                .add(SigningAlgorithm.ES256, "now()", "now() + interval '1 hour'", "NULL");
        Poll.until(
                "it is heard of",
                Duration.ofSeconds(30),
                () -> api.raw("GET", PATH).body().at("/keys/0/kid").asText().equals(added));
        Reply changed =
                api.send(api.requestTo(PATH).header("If-None-Match", tag).GET());
        assertThat(changed.expect(200).body().path("keys")).hasSize(2);
        assertThat(changed.header("ETag")).isNotEqualTo(tag);
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/jwk-set+json", "application/json", "*/*", "application/json, text/html;q=0.5"})
    void everyClientThatReadsJsonIsAnswered(String accept) throws Exception {
        Api api = start("EdDSA");

        Reply answer = api.send(api.requestTo(PATH).header("Accept", accept).GET());

        assertThat(answer.expect(200).header("Content-Type")).isEqualTo("application/jwk-set+json");
    }

    @Test
    void secretOfHs256IsNotPublished() throws Exception {
        Api api = start("HS256");

        Reply answer = api.raw("GET", PATH).expectProblem(404, "not-found");

        assertThat(answer.body().path("detail").asText()).contains("TOKEN_ALGORITHM");
    }

    private Api start(String algorithm) throws Exception {
        roster.with("TOKEN_ALGORITHM", algorithm).start();
        return roster.api();
    }

    private static String thumbprint(JsonNode key, List<String> naming) throws NoSuchAlgorithmException {
        String json = naming.stream()
                .map(member -> "\"" + member + "\":\"" + key.path(member).asText() + "\"")
                .collect(Collectors.joining(",", "{", "}"));
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(json.getBytes(StandardCharsets.UTF_8)));
    }
}
