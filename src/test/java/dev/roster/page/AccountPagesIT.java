package dev.roster.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.command.reset.ResetRequests;
import dev.roster.mail.SentMails;
import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The page to set a new password, and its files. {@code reset-page.test.mjs} in {@code clients/node} tests their
 * behaviour in a browser.
 */
class AccountPagesIT {
    @RegisterExtension
    static final RosterExtension ROSTER =
            new RosterExtension().with("MAIL", "mailbox").with("MAIL_LINKS", "https://example.org/account");

    @RegisterExtension
    static final RosterExtension WITHOUT_MAIL = RosterExtension.shared();

    private static final Pattern REFERENCE = Pattern.compile("(?:href|src|action)=\"([^\"]*)\"");

    private final Api api = ROSTER.api();

    /** H1 */
    @ParameterizedTest
    @CsvSource({
        "/account/reset, /docs",
        "/account/reset.css, /docs/docs.css",
        "/account/reset.js, /docs/docs.js",
    })
    void resetPageHasTheHeadersOfTheDocsPage(String path, String ofDocs) {
        Reply reply = api.raw("GET", path).expect(200);
        Reply docs = api.raw("GET", ofDocs).expect(200);

        for (String header : List.of(
                "Content-Type",
                "Content-Security-Policy",
                "Cross-Origin-Opener-Policy",
                "Cross-Origin-Resource-Policy",
                "Referrer-Policy",
                "X-Content-Type-Options",
                "X-Frame-Options",
                "Cache-Control",
                "Vary")) {
            assertThat(reply.header(header)).as(header).isNotNull().isEqualTo(docs.header(header));
        }
        assertThat(reply.header("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(reply.header("Set-Cookie")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/account/reset", "/account/reset.css", "/account/reset.js"})
    void resetPageIsRevalidatedByItsETag(String path) {
        String tag = String.valueOf(api.raw("GET", path).expect(200).header("ETag"));

        api.send(HttpRequest.newBuilder(URI.create(api.base() + path)).header("If-None-Match", tag))
                .expect(304);
    }

    /** Programs that scan mails follow each link, some with the fragment in the query. */
    @Test
    void openingALinkUsesUpNoToken() {
        TestUser user = api.newUser();
        ResetRequests reset = new ResetRequests(api);
        reset.request(user.email()).expect(202);
        String token = new SentMails(ROSTER).token(user.id());

        for (int i = 0; i < 100; i++) {
            for (String method : List.of("GET", "HEAD")) {
                api.raw(method, "/account/reset").expect(200);
                api.raw(method, "/account/reset?token=" + token).expect(200);
                Reply refused = api.raw(method, "/api/v1/auth/password-reset/confirm?token=" + token)
                        .expect(405);
                assertThat(refused.header("Allow")).isEqualTo("POST");
            }
        }

        reset.confirm(token).expect(204);
    }

    /** H3 */
    @ParameterizedTest
    @ValueSource(strings = {"/account/reset", "/account/reset.js"})
    void resetPageAllowsOnlyGetAndHead(String path) {
        for (String method : List.of("POST", "PUT", "PATCH", "DELETE", "OPTIONS")) {
            Reply reply = api.raw(method, path).expectProblem(405, "method-not-allowed");

            assertThat(reply.header("Allow")).isEqualTo("GET, HEAD");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/account", "/account/", "/account/reset.html", "/account/none.js", "/account/reset/x"})
    void otherFilesAreNotServed(String path) {
        api.raw("GET", path).expectProblem(404, "not-found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/account/reset", "/account/reset.css", "/account/reset.js"})
    void resetPageDoesNotExistWithoutMail(String path) {
        WITHOUT_MAIL.api().raw("GET", path).expectProblem(404, "not-found");
    }

    /** Behind a proxy that removes the path {@code /people/roster}. */
    @Test
    void resetPageFindsItsFilesBelowASubPath() {
        String page = api.raw("GET", "/account/reset").expect(200).text();
        List<String> paths = REFERENCE
                .matcher(page)
                .results()
                .map(found -> found.group(1))
                .filter(reference -> !reference.startsWith("data:"))
                .map(AccountPagesIT::belowTheSubPath)
                .toList();

        assertThat(paths)
                .containsExactlyInAnyOrder("/docs/base.css", "/account/reset.css", "/account/reset.js")
                .allSatisfy(path -> api.raw("GET", path).expect(200));
        assertThat(api.raw("GET", "/account/reset.js").expect(200).text()).contains("fetch(`../api/v1/auth/");
        assertThat(api.raw("GET", "/account/reset/").expect(303).header("Location"))
                .isEqualTo("../reset");
    }

    /** The path that the proxy requests for a reference of the page. */
    private static String belowTheSubPath(String reference) {
        String path = URI.create("https://example.org/people/roster/account/reset")
                .resolve(reference)
                .getPath();
        assertThat(path).startsWith("/people/roster/");
        return path.substring("/people/roster".length());
    }
}
