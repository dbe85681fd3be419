package dev.roster.integration.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.support.RosterExtension;
import dev.roster.support.http.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The metadata of the authorization server (RFC 8414). */
class ServerMetadataIT {
    private static final String PATH = "/.well-known/oauth-authorization-server";

    @RegisterExtension
    static final RosterExtension NAMED = RosterExtension.shared();

    @RegisterExtension
    static final RosterExtension ADDRESSED = new RosterExtension().with("JWT_ISSUER", "https://a.example/");

    @RegisterExtension
    static final RosterExtension BELOW = new RosterExtension().with("JWT_ISSUER", "https://a.example/b/c");

    @RegisterExtension
    static final RosterExtension WITH_KEYS =
            new RosterExtension().with("JWT_ISSUER", "http://localhost:8000").with("TOKEN_ALGORITHM", "ES256");

    @Test
    void metadataNamesTheKeysIfThereAreAny() {
        JsonNode metadata = WITH_KEYS.api().raw("GET", PATH).expect(200).body();

        assertThat(metadata.path("jwks_uri").asText()).isEqualTo("http://localhost:8000/.well-known/jwks.json");
    }

    @Test
    void metadataNamesTheEndpoints() {
        Reply reply = ADDRESSED.api().raw("GET", PATH).expect(200);

        assertThat(reply.text()).isEqualTo(metadata("https://a.example/", "https://a.example"));
        assertThat(reply.header("Content-Type")).isEqualTo("application/json");
        assertThat(reply.header("Cache-Control")).isEqualTo("public, max-age=300");
        ADDRESSED.api().raw("HEAD", PATH).expect(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/b/c"})
    void metadataOfAnIssuerWithAPathIsAlsoAtThisPath(String path) {
        assertThat(BELOW.api().raw("GET", PATH + path).expect(200).text())
                .isEqualTo(metadata("https://a.example/b/c", "https://a.example/b/c"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/b", "/b/c/", "/b/c/d", "/B/c"})
    void metadataIsAtNoOtherPath(String path) {
        BELOW.api().raw("GET", PATH + path).expectProblem(404, "not-found");
        ADDRESSED.api().raw("GET", PATH + path).expectProblem(404, "not-found");
        NAMED.api().raw("GET", PATH + path).expectProblem(404, "not-found");
    }

    @Test
    void issuerThatIsNoAddressHasNoMetadata() {
        Reply reply = NAMED.api().raw("GET", PATH).expectProblem(404, "not-found");

        assertThat(reply.body().path("detail").asText())
                .isEqualTo("There is no metadata, because JWT_ISSUER is not an https URL.");
    }

    @Test
    void onlyGetIsAllowed() {
        assertThat(ADDRESSED.api().raw("POST", PATH).expect(405).header("Allow"))
                .isEqualTo("GET, HEAD");
    }

    private static String metadata(String issuer, String base) {
        return ("{'issuer':'%s','introspection_endpoint':'%s/oauth/introspect',"
                        + "'introspection_endpoint_auth_methods_supported':['client_secret_basic','Bearer'],"
                        + "'revocation_endpoint':'%s/oauth/revoke',"
                        + "'revocation_endpoint_auth_methods_supported':['client_secret_basic'],"
                        + "'response_types_supported':[]}")
                .formatted(issuer, base, base)
                .replace('\'', '"');
    }
}
