package dev.roster.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.http.Reply;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The page at {@code /docs} of both ports, the operators' page, and their files. {@code docs-page.test.mjs} and
 * {@code operators-page.test.mjs} in {@code clients/node} test their behaviour in a browser.
 */
class DocsIT {
    @RegisterExtension
    static final RosterExtension ROSTER = RosterExtension.shared();

    /** A reference in HTML or CSS. */
    private static final Pattern REFERENCE = Pattern.compile("(?:href|src|action)=\"([^\"]*)\"|url\\(\"?([^)\"]*)");

    /** A module that a script imports. */
    private static final Pattern IMPORT = Pattern.compile("from '(\\.[a-z./]+)';");

    /** A port that serves pages. */
    enum Port {
        API,
        ADMIN;

        Api api() {
            return this == API ? ROSTER.api() : new Api(ROSTER.admin());
        }
    }

    private final Api api = ROSTER.api();

    static Stream<Arguments> files() {
        return Stream.of(
                arguments(Port.API, "/docs", "text/html;charset=utf-8"),
                arguments(Port.API, "/docs/base.css", "text/css;charset=utf-8"),
                arguments(Port.API, "/docs/docs.css", "text/css;charset=utf-8"),
                arguments(Port.API, "/docs/docs.js", "text/javascript;charset=utf-8"),
                arguments(Port.API, "/docs/marked.js", "text/javascript;charset=utf-8"),
                arguments(Port.API, "/docs/marked.LICENSE.txt", "text/plain;charset=utf-8"),
                arguments(Port.ADMIN, "/docs", "text/html;charset=utf-8"),
                arguments(Port.ADMIN, "/", "text/html;charset=utf-8"),
                arguments(Port.ADMIN, "/page/page.css", "text/css;charset=utf-8"),
                arguments(Port.ADMIN, "/page/page.js", "text/javascript;charset=utf-8"));
    }

    /** H1 */
    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("files")
    void docsFilesLetTheBrowserLoadOnlyFromThisOrigin(Port port, String path, String type) {
        Reply reply = port.api().raw("GET", path).expect(200);

        assertThat(reply.header("Content-Type")).isEqualTo(type);
        assertThat(reply.header("Content-Security-Policy"))
                .isEqualTo("default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; "
                        + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
        assertThat(reply.header("Cross-Origin-Opener-Policy")).isEqualTo("same-origin");
        assertThat(reply.header("Cross-Origin-Resource-Policy")).isEqualTo("same-origin");
        assertThat(reply.header("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(reply.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(reply.header("X-Frame-Options")).isEqualTo("DENY");
        assertThat(reply.header("Cache-Control")).isEqualTo("public, no-cache");
        assertThat(reply.header("Vary")).isEqualTo("Accept-Encoding");
        assertThat(reply.header("Set-Cookie")).isNull();
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("files")
    void docsFilesAreRevalidatedByTheirETag(Port port, String path, String type) {
        String tag = String.valueOf(port.api().raw("GET", path).expect(200).header("ETag"));

        Reply again = get(port.api(), path, "If-None-Match", tag).expect(304);
        Reply changed = get(port.api(), path, "If-None-Match", "\"other\"").expect(200);

        assertThat(again.text()).isEmpty();
        assertThat(again.header("Content-Length")).isNull();
        assertThat(again.header("ETag")).isEqualTo(tag);
        assertThat(changed.header("ETag")).isEqualTo(tag);
    }

    /** L1: a malformed list of tags matches nothing. */
    @ParameterizedTest
    @ValueSource(strings = {"/docs", "/docs/docs.css", "/openapi.yaml", "/openapi.json"})
    void docsFilesMatchNoMalformedCondition(String path) {
        for (String value : List.of("garbage", "W/\"a", "\"", "x\"a\"", "\"a\" \"b\"", "W/", ",", "")) {
            get(api, path, "If-None-Match", value).expect(200);
            get(api, path, "If-Match", value).expectProblem(412, "version-conflict");
        }
        get(api, path, "If-None-Match", "*").expect(304);
        get(api, path, "If-None-Match", "\"a\", W/" + api.raw("GET", path).header("ETag"))
                .expect(304);
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("files")
    void docsFilesAnswerHeadLikeGet(Port port, String path, String type) {
        Reply get = port.api().raw("GET", path).expect(200);
        Reply head = port.api().raw("HEAD", path).expect(200);

        assertThat(head.text()).isEmpty();
        for (String header : List.of("Content-Type", "Content-Length", "ETag", "Cache-Control", "Vary")) {
            assertThat(head.header(header)).as(header).isNotNull().isEqualTo(get.header(header));
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("files")
    void docsFilesAreCompressedForClientsThatAcceptGzip(Port port, String path, String type) throws Exception {
        HttpResponse<byte[]> plain = getBytes(port.api(), path, "identity");

        for (String codings : List.of("gzip", "gzip, deflate, br, zstd", "br,GZIP")) {
            HttpResponse<byte[]> compressed = getBytes(port.api(), path, codings);

            assertThat(compressed.headers().allValues("Content-Encoding")).containsExactly("gzip");
            assertThat(compressed.headers().firstValue("ETag"))
                    .isPresent()
                    .isNotEqualTo(plain.headers().firstValue("ETag"));
            assertThat(inflate(compressed.body())).isEqualTo(plain.body());
        }
        for (String codings : List.of("", "br", "gzip;q=0", "x\"gzip", ";", ",")) {
            HttpResponse<byte[]> other = getBytes(port.api(), path, codings);

            assertThat(other.headers().map()).doesNotContainKey("content-encoding");
            assertThat(other.body()).isEqualTo(plain.body());
        }
    }

    @Test
    void rootRedirectsToTheDocsPage() {
        for (String method : List.of("GET", "HEAD")) {
            assertThat(api.raw(method, "/").expect(303).header("Location")).isEqualTo("docs");
            assertThat(api.raw(method, "/docs/").expect(303).header("Location")).isEqualTo("../docs");
        }
    }

    /** H3, L1 */
    @ParameterizedTest
    @ValueSource(strings = {"/", "/docs", "/docs/docs.js"})
    void docsFilesAllowOnlyGetAndHead(String path) {
        for (String method : List.of("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "FOO")) {
            new Api(ROSTER.admin()).raw(method, path).expectProblem(405, "method-not-allowed");
            Reply reply = api.raw(method, path).expectProblem(405, "method-not-allowed");

            assertThat(reply.header("Allow")).isEqualTo("GET, HEAD");
        }
    }

    /** L1, C8 */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/docs/index.html",
                "/docs/none.js",
                "/docs/DOCS.JS",
                "/docs/docs.js/x",
                "/docs/marked.esm.js",
                "/docs/marked.esm.js.map",
                "/docs/null",
                "/docs/openapi.yaml",
                "/docs/../config.yml",
                "/docs/../META-INF/MANIFEST.MF",
                "/META-INF/resources/webjars/marked/",
                "/webjars/marked/lib/marked.esm.js"
            })
    void otherFilesAreNotServed(String path) {
        api.raw("GET", path).expectProblem(404, "not-found");
    }

    /** V14 */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/docs/../../config.yml",
                "/docs/..%2fopenapi.yaml",
                "/docs/%2e%2e/openapi.yaml",
                "/docs/..%5copenapi.yaml",
                "/docs/docs.js%00"
            })
    void pathTraversalIsRefused(String path) {
        api.raw("GET", path).expectProblem(400, "malformed");
    }

    /** L1, C8 */
    @ParameterizedTest
    @ValueSource(strings = {"/page", "/page/", "/page/index.html", "/page/none.js", "/page/page.js/x", "/index.html"})
    void otherFilesAreNotServedOnTheAdminPort(String path) {
        new Api(ROSTER.admin()).raw("GET", path).expectProblem(404, "not-found");
    }

    @Test
    void operatorsPageIsNotServedOnTheApiPort() {
        assertThat(api.raw("GET", "/").expect(303).header("Location")).isEqualTo("docs");
        api.raw("GET", "/page/page.js").expectProblem(404, "not-found");
    }

    @Test
    void docsPageIsServedOnlyAsHtml() {
        get(api, "/docs", "Accept", "application/json").expectProblem(406, "not-acceptable");
    }

    @Test
    void docsFilesReferToNoOtherOrigin() {
        for (Port port : Port.values()) {
            List<String> paths = port == Port.API
                    ? List.of("/docs", "/docs/base.css", "/docs/docs.css")
                    : List.of("/", "/docs", "/page/page.css");
            for (String path : paths) {
                for (String reference :
                        references(port.api().raw("GET", path).expect(200).text())) {
                    assertThat(reference).as(path).matches("data:.*|[a-z]+[a-zA-Z./-]*");
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"API, /docs, /docs/docs.js", "ADMIN, /docs, /docs/docs.js", "ADMIN, /, /page/page.js"})
    void everyReferenceOfAPageIsServed(Port port, String page, String script) {
        List<String> paths = references(port.api().raw("GET", page).expect(200).text()).stream()
                .filter(reference -> !reference.startsWith("data:"))
                .map(reference -> URI.create(page).resolve(reference).toString())
                .toList();

        assertThat(paths)
                .contains(script, "/docs/base.css", "/openapi.yaml", "/openapi.json")
                .allSatisfy(path -> port.api().raw("GET", path).expect(200));
    }

    /** Otherwise a browser would find each file only after it has read the one before. */
    @ParameterizedTest
    @CsvSource({"API, /docs", "ADMIN, /"})
    void pagePreloadsEveryImportOfItsScripts(Port port, String page) {
        List<String> preloaded =
                references(port.api().raw("GET", page).expect(200).text());
        List<String> scripts = preloaded.stream()
                .filter(reference -> reference.endsWith(".js") && !reference.endsWith("/marked.js"))
                .toList();

        assertThat(scripts).hasSizeGreaterThan(1);
        for (String script : scripts) {
            String text = port.api().raw("GET", "/" + script).expect(200).text();
            assertThat(preloaded)
                    .containsAll(IMPORT.matcher(text)
                            .results()
                            .map(found ->
                                    URI.create(script).resolve(found.group(1)).toString())
                            .toList());
        }
    }

    private static Reply get(Api api, String path, String header, String value) {
        return api.send(HttpRequest.newBuilder(URI.create(api.base() + path)).header(header, value));
    }

    private static HttpResponse<byte[]> getBytes(Api api, String path, String codings)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(api.base() + path))
                .header("Accept-Encoding", codings)
                .build();
        HttpResponse<byte[]> response = HttpClient.newHttpClient().send(request, BodyHandlers.ofByteArray());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValueAsLong("Content-Length")).hasValue(response.body().length);
        return response;
    }

    private static byte[] inflate(byte[] compressed) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
            return in.readAllBytes();
        }
    }

    private static List<String> references(String text) {
        return REFERENCE.matcher(text).results().map(DocsIT::target).toList();
    }

    private static String target(MatchResult reference) {
        return reference.group(1) == null ? reference.group(2) : reference.group(1);
    }
}
