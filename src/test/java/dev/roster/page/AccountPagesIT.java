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
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The pages that links in mails lead to, and their files. {@code reset-page.test.mjs} and {@code
 * account-pages.test.mjs} in {@code clients/node} test their behaviour in a browser.
 */
class AccountPagesIT {
    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension()
            .with("MAIL", "mailbox")
            .with("MAIL_LINKS", "https://example.org/account")
            .with("EMAIL_VERIFICATION", "optional");

    @RegisterExtension
    static final RosterExtension WITHOUT_MAIL = RosterExtension.shared();

    private static final Pattern REFERENCE = Pattern.compile("(?:href|src|action)=\"([^\"]*)\"");

    private final Api api = ROSTER.api();

    /** H1 */
    @ParameterizedTest
    @CsvSource({
        "/account/reset, /docs",
        "/account/verify, /docs",
        "/account/email-change, /docs",
        "/account/revert, /docs",
        "/account/account.css, /docs/docs.css",
        "/account/form.js, /docs/docs.js",
        "/account/reset.js, /docs/docs.js",
        "/account/verify.js, /docs/docs.js",
        "/account/email-change.js, /docs/docs.js",
        "/account/revert.js, /docs/docs.js",
    })
    void pagesHaveTheHeadersOfTheDocsPage(String path, String ofDocs) {
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
    @ValueSource(strings = {"/account/reset", "/account/revert", "/account/account.css", "/account/reset.js"})
    void filesAreRevalidatedByTheirETag(String path) {
        String tag = String.valueOf(api.raw("GET", path).expect(200).header("ETag"));

        api.send(HttpRequest.newBuilder(URI.create(api.base() + path)).header("If-None-Match", tag))
                .expect(304);
    }

    /** Programs that scan mails follow each link, some with the fragment in the query. */
    @ParameterizedTest
    @CsvSource({
        "reset, password-reset/confirm, {'password': 'Another-Horse-9'}, 204",
        "verify, verification/confirm, {}, 204",
        "email-change, email-change/confirm, {}, 200",
        "revert, email-change/revert, {}, 204",
    })
    void openingALinkUsesUpNoToken(String page, String route, String body, int status) {
        TestUser user = api.newUser();
        String token = newToken(page, user);

        for (int i = 0; i < 20; i++) {
            for (String method : List.of("GET", "HEAD")) {
                api.raw(method, "/account/" + page).expect(200);
                api.raw(method, "/account/" + page + "?token=" + token).expect(200);
                Reply refused = api.raw(method, "/api/v1/auth/" + route + "?token=" + token)
                        .expect(405);
                assertThat(refused.header("Allow")).isEqualTo("POST");
            }
        }

        String members = body.replace('\'', '"').substring(1);
        api.post("/auth/" + route, "{\"token\": \"" + token + "\"" + (members.equals("}") ? "" : ", ") + members)
                .expect(status);
    }

    /** The token of a link to this page. */
    private String newToken(String page, TestUser user) {
        SentMails mails = new SentMails(ROSTER);
        switch (page) {
            case "reset" -> {
                new ResetRequests(api).request(user.email()).expect(202);
                return mails.token(user.id());
            }
            case "verify" -> {
                api.post("/auth/verification", Map.of("email", user.email())).expect(202);
                return mails.token(user.id());
            }
            default -> {
                String next = Api.newEmail();
                api.put(user.path(), user.token(), Map.of("email", next, "current_password", Api.PASSWORD))
                        .expect(200);
                return mails.tokenTo(page.equals("revert") ? user.email() : next);
            }
        }
    }

    /** H3 */
    @ParameterizedTest
    @ValueSource(strings = {"/account/reset", "/account/verify", "/account/reset.js"})
    void pagesAllowOnlyGetAndHead(String path) {
        for (String method : List.of("POST", "PUT", "PATCH", "DELETE", "OPTIONS")) {
            Reply reply = api.raw(method, path).expectProblem(405, "method-not-allowed");

            assertThat(reply.header("Allow")).isEqualTo("GET, HEAD");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/account", "/account/", "/account/verify.html", "/account/none.js", "/account/reset/x"})
    void otherFilesAreNotServed(String path) {
        api.raw("GET", path).expectProblem(404, "not-found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/account/reset", "/account/revert", "/account/account.css", "/account/reset.js"})
    void pagesDoNotExistWithoutMail(String path) {
        WITHOUT_MAIL.api().raw("GET", path).expectProblem(404, "not-found");
    }

    /** Behind a proxy that removes the path {@code /people/roster}. */
    @ParameterizedTest
    @ValueSource(strings = {"reset", "verify", "email-change", "revert"})
    void pagesFindTheirFilesBelowASubPath(String name) {
        String page = api.raw("GET", "/account/" + name).expect(200).text();
        List<String> paths = REFERENCE
                .matcher(page)
                .results()
                .map(found -> found.group(1))
                .filter(reference -> !reference.startsWith("data:"))
                .map(AccountPagesIT::belowTheSubPath)
                .toList();

        assertThat(paths)
                .containsExactlyInAnyOrder("/docs/base.css", "/account/account.css", "/account/" + name + ".js")
                .allSatisfy(path -> api.raw("GET", path).expect(200));
        assertThat(api.raw("GET", "/account/" + name + ".js").expect(200).text())
                .contains("from './form.js'");
        assertThat(api.raw("GET", "/account/form.js").expect(200).text()).contains("fetch(`../api/v1/auth/");
        assertThat(api.raw("GET", "/account/" + name + "/").expect(303).header("Location"))
                .isEqualTo("../" + name);
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
