package dev.roster.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.http.Reply;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients behind a proxy that removes the path {@code /people/roster} from their requests. */
class SubPathIT {
    @RegisterExtension
    static final RosterExtension ROSTER = RosterExtension.shared();

    private static final String PREFIX = "/people/roster";
    private static final Pattern REFERENCE = Pattern.compile("(?:href|src)=\"([^\"]+)\"");

    private final Api api = ROSTER.api();
    private final Api.TestUser user = api.newUser();

    @Test
    void locationOfANewUserIsBelowTheSubPath() {
        Reply registered = api.register(Api.newBody(Api.newEmail())).expect(201);

        URI location = resolve("/api/v1/auth/register", String.valueOf(registered.header("Location")));
        assertThat(location)
                .hasToString("https://example.org" + PREFIX + "/api/v1/users/"
                        + registered.body().path("id").textValue());
        assertThat(get(location).expect(200).body()).isEqualTo(registered.body());
    }

    @Test
    void linkToTheNextPageIsBelowTheSubPath() {
        String path = "/api/v1/users";
        api.newUser();
        Reply first = get(resolve(path, "?limit=1&sort=-created_at")).expect(200);

        String link = String.valueOf(first.header("Link"));
        URI next = resolve(path, link.substring(1, link.indexOf('>')));

        assertThat(next).hasHost("example.org").hasPath(PREFIX + "/api/v1/users");
        JsonNode second = get(next).expect(200).body().path("users");
        assertThat(second).hasSize(1).isNotEqualTo(first.body().path("users"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/docs/"})
    void redirectsToTheDocsPageStayBelowTheSubPath(String path) {
        URI target =
                resolve(path, String.valueOf(api.raw("GET", path).expect(303).header("Location")));

        assertThat(target).hasToString("https://example.org" + PREFIX + "/docs");
    }

    @Test
    void docsPageFindsItsFilesBelowTheSubPath() {
        List<URI> references = REFERENCE
                .matcher(get(resolve("/docs", "")).expect(200).text())
                .results()
                .map(match -> match.group(1))
                .filter(reference -> !reference.startsWith("data:"))
                .map(reference -> resolve("/docs", reference))
                .toList();

        assertThat(references).hasSizeGreaterThan(4).allSatisfy(reference -> get(reference)
                .expect(200));
        String script = api.raw("GET", "/docs/docs.js").expect(200).text();
        assertThat(script).contains("new URL('openapi.json', document.baseURI)");
        get(resolve("/docs", "openapi.json")).expect(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/openapi.yaml", "/openapi.json"})
    void documentNamesTheServerBelowTheSubPath(String path) throws IOException {
        String json = get(resolve(path, "openapi.json")).expect(200).text();

        URI server = resolve(
                path, new ObjectMapper().readTree(json).at("/servers/0/url").textValue());

        assertThat(server).hasToString("https://example.org" + PREFIX + "/api/v1");
    }

    /** What a client makes of a reference in the answer to this path. */
    private static URI resolve(String path, String reference) {
        URI base = URI.create("https://example.org" + PREFIX + path);
        return reference.startsWith("?") || reference.isEmpty()
                ? URI.create(base + reference)
                : base.resolve(reference);
    }

    /** What the proxy sends to the service. */
    private Reply get(URI outside) {
        assertThat(outside.getRawPath()).startsWith(PREFIX + "/");
        String query = outside.getRawQuery() == null ? "" : "?" + outside.getRawQuery();
        return api.send(HttpRequest.newBuilder(
                        URI.create(api.base() + outside.getRawPath().substring(PREFIX.length()) + query))
                .header("Authorization", "Bearer " + user.token()));
    }
}
