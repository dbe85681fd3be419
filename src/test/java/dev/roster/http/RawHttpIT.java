package dev.roster.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.roster.support.RosterExtension;
import dev.roster.support.http.RawHttp;
import dev.roster.support.http.RawHttp.Answers;
import dev.roster.support.http.Reply;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Malformed and ambiguous requests are refused, and nothing after them is read. */
class RawHttpIT {
    @RegisterExtension
    static final RosterExtension ROSTER = RosterExtension.shared();

    private static final String ME = "GET /api/v1/users/me HTTP/1.1\r\n";
    private static final String HOST = "Host: a\r\n";
    private static final String LOGIN =
            "POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
    private static final String CHUNKED = "Transfer-Encoding: chunked\r\n";
    private static final String JSON = "{\"a\":1}";
    private static final String CHUNKS = "7\r\n" + JSON + "\r\n0\r\n\r\n";

    /** A smuggled request: it must never be answered. */
    private static final String SMUGGLED = "GET /api/v1/smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

    private final RawHttp raw = ROSTER.raw();

    static Stream<Arguments> brokenFraming() {
        return Stream.of(
                framing("length and chunks", "Content-Length: 4\r\n" + CHUNKED, CHUNKS),
                framing("chunks and length", CHUNKED + "Content-Length: 4\r\n", CHUNKS),
                framing("two lengths", "Content-Length: 7\r\nContent-Length: 3\r\n", JSON),
                framing("one length twice", "Content-Length: 7\r\nContent-Length: 7\r\n", JSON),
                framing("list of lengths", "Content-Length: 7, 3\r\n", JSON),
                framing("list of one length", "Content-Length: 7, 7\r\n", JSON),
                framing("length with sign", "Content-Length: +7\r\n", JSON),
                framing("negative length", "Content-Length: -7\r\n", JSON),
                framing("length past 64 bits", "Content-Length: 99999999999999999999\r\n", JSON),
                framing("hexadecimal length", "Content-Length: 0x7\r\n", JSON),
                framing("fractional length", "Content-Length: 7.0\r\n", JSON),
                framing("empty length", "Content-Length: \r\n", JSON),
                framing("length with blank", "Content-Length: 7 7\r\n", JSON),
                framing("length in superscript", "Content-Length: \u00b2\r\n", JSON),
                framing("length with comma", "Content-Length: 7,\r\n", JSON),
                framing("length with semicolon", "Content-Length: 7;\r\n", JSON),
                framing("length with exponent", "Content-Length: 7e0\r\n", JSON),
                framing("quoted length", "Content-Length: \"7\"\r\n", JSON),
                framing("length after a form feed", "Content-Length: \f7\r\n", JSON),
                framing("length before a no-break space", "Content-Length: 7\u00a0\r\n", JSON),
                framing("length in full width", "Content-Length: \u00ef\u00bc\u0097\r\n", JSON),
                framing("folded length", "Content-Length: \r\n 7\r\n", JSON),
                framing("length after a bare CR", "X: a\rContent-Length: 7\r\n", JSON),
                framing("length after a bare LF", "X: a\nContent-Length: 7\r\n", JSON),
                framing("blank before length's colon", "Content-Length : 7\r\n", JSON),
                framing("blank before chunks' colon", "Transfer-Encoding : chunked\r\n", CHUNKS),
                framing("folded coding", "Transfer-Encoding:\r\n chunked\r\n", CHUNKS),
                framing("identity", "Transfer-Encoding: identity\r\n", CHUNKS),
                framing("gzip alone", "Transfer-Encoding: gzip\r\n", CHUNKS),
                framing("chunked first", "Transfer-Encoding: chunked, identity\r\n", CHUNKS),
                framing("chunked twice", "Transfer-Encoding: chunked, chunked\r\n", CHUNKS),
                framing("two codings", CHUNKED + CHUNKED, CHUNKS),
                framing("unknown coding", "Transfer-Encoding: xchunked\r\n", CHUNKS),
                framing("coding after a control", "Transfer-Encoding: \u000bchunked\r\n", CHUNKS),
                framing("quoted coding", "Transfer-Encoding: \"chunked\"\r\n", CHUNKS),
                framing("coding with a parameter", "Transfer-Encoding: chunked;q=1\r\n", CHUNKS),
                framing("coding before a NUL", "Transfer-Encoding: chunked\0\r\n", CHUNKS),
                framing("coding before a bare CR", "Transfer-Encoding: chunked\rX: a\r\n", CHUNKS),
                framing("coding after a bare LF", "X: a\nTransfer-Encoding: chunked\r\n", CHUNKS),
                framing(
                        "chunks and length in lower case",
                        "transfer-encoding: chunked\r\ncontent-length: 4\r\n",
                        CHUNKS),
                framing("empty coding", "Transfer-Encoding: \r\n", CHUNKS));
    }

    static Stream<Arguments> brokenChunks() {
        return Stream.of(
                chunks("LF after size", "7\n" + JSON + "\r\n0\r\n\r\n"),
                chunks("LF after data", "7\r\n" + JSON + "\n0\r\n\r\n"),
                chunks("LF after last size", "7\r\n" + JSON + "\r\n0\n\r\n"),
                chunks("LF at the end", "7\r\n" + JSON + "\r\n0\r\n\n"),
                chunks("CR after size", "7\r" + JSON + "\r\n0\r\n\r\n"),
                chunks("no digit", "z\r\n" + JSON + "\r\n0\r\n\r\n"),
                chunks("no size", "\r\n" + JSON + "\r\n0\r\n\r\n"),
                chunks("negative size", "-7\r\n" + JSON + "\r\n0\r\n\r\n"),
                chunks("size with sign", "+7\r\n" + JSON + "\r\n0\r\n\r\n"),
                chunks("size with 0x", "0x7\r\n" + JSON + "\r\n0\r\n\r\n"),
                chunks("size past 64 bits", "FFFFFFFFFFFFFFFFFF\r\n" + JSON + "\r\n0\r\n\r\n"),
                chunks("blank after size", "7 \r\n" + JSON + "\r\n0\r\n\r\n"),
                chunks("blank before size", " 7\r\n" + JSON + "\r\n0\r\n\r\n"),
                chunks("size too small", "6\r\n" + JSON + "\r\n0\r\n\r\n"),
                chunks("size too large", "8\r\n" + JSON + "\r\n0\r\n\r\n"),
                chunks("extension with unclosed quote", "7;a=\"\r\n" + JSON + "\r\n0\r\n\r\n"),
                chunks("extension with escaped quote", "7;a=\"b\\\"\r\n" + JSON + "\r\n0\r\n\r\n"),
                chunks("extension with quoted line", "7;a=\"\r\n" + JSON + "\"\r\n0\r\n\r\n"),
                chunks("extension with quoted LF", "7;a=\"b\nc\"\r\n" + JSON + "\r\n0\r\n\r\n"),
                chunks("text after a quoted extension", "7;a=\"b\"c\r\n" + JSON + "\r\n0\r\n\r\n"),
                chunks("last chunk's unclosed quote", "7\r\n" + JSON + "\r\n0;a=\"\r\n\r\n"),
                chunks("size after a comma", "7,7\r\n" + JSON + "\r\n0\r\n\r\n"),
                chunks("CR CR LF after size", "7\r\r\n" + JSON + "\r\n0\r\n\r\n"),
                chunks("LF CR after size", "7\n\r" + JSON + "\r\n0\r\n\r\n"),
                chunks("extension with LF", "7;a\n" + JSON + "\r\n0\r\n\r\n"),
                chunks("extension with CR", "7;a\rb\r\n" + JSON + "\r\n0\r\n\r\n"),
                chunks("extension with NUL", "7;a\0b\r\n" + JSON + "\r\n0\r\n\r\n"),
                chunks("endless extension", "7;a=" + "b".repeat(70_000) + "\r\n" + JSON + "\r\n0\r\n\r\n"),
                chunks("trailer without colon", "7\r\n" + JSON + "\r\n0\r\nX\r\n\r\n"),
                chunks("trailer with LF", "7\r\n" + JSON + "\r\n0\r\nX: y\n\r\n"),
                chunks("trailer with NUL", "7\r\n" + JSON + "\r\n0\r\nX: \0\r\n\r\n"),
                chunks("endless trailer", "7\r\n" + JSON + "\r\n0\r\nX: " + "y".repeat(20_000) + "\r\n\r\n"));
    }

    static Stream<Arguments> brokenHeaders() {
        return Stream.of(
                header("LF", "X: a\nY: b\r\n"),
                header("CR", "X: a\rY: b\r\n"),
                header("folded", "X: a\r\n b\r\n"),
                header("folded with tab", "X: a\r\n\tb\r\n"),
                header("folded after nothing", "X:\r\n a\r\n"),
                header("CR before the name", "\rX: a\r\n"),
                header("second host", "Host: b\r\n"),
                header("same host again", "Host: a\r\n"),
                header("blank before colon", "X : a\r\n"),
                header("no colon", "X\r\n"),
                header("no name", ": a\r\n"),
                header("blank in name", "X Y: a\r\n"),
                header("bracket in name", "X(): a\r\n"),
                header("non-ASCII name", "X\u00e9: a\r\n"),
                header("NUL in name", "X\0: a\r\n"),
                header("control in name", "X\u0001: a\r\n"),
                header("NUL", "X: a\0b\r\n"),
                header("control", "X: a\u0001b\r\n"),
                header("escape", "X: \u001b[31mred\r\n"),
                header("delete", "X: a\u007fb\r\n"),
                arguments("LF at the end", 400, ME + HOST + "\n"),
                arguments("blank before first", 400, ME + " " + HOST + HOST + "\r\n"),
                arguments("no host", 400, ME + "X: a\r\n\r\n"),
                arguments("empty host", 400, ME + "Host: \r\n\r\n"),
                arguments("two words for a host", 400, ME + "Host: a b\r\n\r\n"),
                arguments("host with user", 400, ME + "Host: u@a\r\n\r\n"),
                arguments("host with path", 400, ME + "Host: a/b\r\n\r\n"),
                arguments("host with query", 400, ME + "Host: a?b\r\n\r\n"),
                arguments("host with fragment", 400, ME + "Host: a#b\r\n\r\n"),
                arguments("host with backslash", 400, ME + "Host: a\\b\r\n\r\n"),
                arguments("host in quotes", 400, ME + "Host: \"a\"\r\n\r\n"),
                arguments("host in brackets", 400, ME + "Host: <a>\r\n\r\n"),
                arguments("list of hosts", 400, ME + "Host: a,b\r\n\r\n"),
                arguments("non-ASCII host", 400, ME + "Host: \u00e9\r\n\r\n"),
                arguments("half an encoded character in host", 400, ME + "Host: a%4\r\n\r\n"),
                arguments("unclosed IPv6 address", 400, ME + "Host: [::1\r\n\r\n"),
                arguments("malformed IPv6 address", 400, ME + "Host: [1:2]\r\n\r\n"),
                arguments("IPv6 address with zone", 400, ME + "Host: [fe80::1%25lo]\r\n\r\n"),
                arguments("IPv4 address in brackets", 400, ME + "Host: [127.0.0.1]\r\n\r\n"),
                arguments("port without host", 400, ME + "Host: :80\r\n\r\n"),
                arguments("port 0", 400, ME + "Host: a:0\r\n\r\n"),
                arguments("negative port", 400, ME + "Host: a:-1\r\n\r\n"),
                arguments(
                        "bad host beside a target with a host",
                        400,
                        "GET http://a/api/v1/users/me HTTP/1.1\r\nHost: a b\r\n\r\n"),
                arguments("no host beside a target with a host", 400, "GET http://a/api/v1/users/me HTTP/1.1\r\n\r\n"),
                arguments("port past 65535", 400, ME + "Host: a:99999\r\n\r\n"),
                arguments("port of letters", 400, ME + "Host: a:x\r\n\r\n"),
                arguments("large value", 431, ME + HOST + "X: " + "a".repeat(9000) + "\r\n\r\n"),
                arguments("large name", 431, ME + HOST + "a".repeat(9000) + ": x\r\n\r\n"),
                arguments("many", 431, ME + HOST + "X: a\r\n".repeat(3000) + "\r\n"));
    }

    static Stream<Arguments> brokenRequestLines() {
        return Stream.of(
                line("LF", 400, "GET /api/v1/users/me HTTP/1.1\n"),
                line("CR", 400, "GET /api/v1/users/me HTTP/1.1\r"),
                line("CR CR LF", 400, "GET /api/v1/users/me HTTP/1.1\r\r\n"),
                line("CR in path", 400, "GET /api/v1\r/users/me HTTP/1.1\r\n"),
                line("NUL in path", 400, "GET /api/v1/users/\0 HTTP/1.1\r\n"),
                line("control in path", 400, "GET /api/v1/users/\u0001 HTTP/1.1\r\n"),
                line("escape in path", 400, "GET /api/v1/users/\u001b HTTP/1.1\r\n"),
                line("delete in path", 400, "GET /api/v1/users/\u007f HTTP/1.1\r\n"),
                line("tab in path", 400, "GET /api/v1/users/\tme HTTP/1.1\r\n"),
                line("blank in path", 400, "GET /api/v1/users/a b HTTP/1.1\r\n"),
                line("tabs for blanks", 400, "GET\t/api/v1/users/me\tHTTP/1.1\r\n"),
                line("blank first", 400, " GET /api/v1/users/me HTTP/1.1\r\n"),
                line("blank last", 400, "GET /api/v1/users/me HTTP/1.1 \r\n"),
                line("LF first", 400, "\nGET /api/v1/users/me HTTP/1.1\r\n"),
                line("no path", 400, "GET api/v1/users/me HTTP/1.1\r\n"),
                line("authority as path", 400, "GET evil.example:80 HTTP/1.1\r\n"),
                line("method not ASCII", 400, "G\u00c9T /api/v1/users/me HTTP/1.1\r\n"),
                line("method with bracket", 400, "G(T /api/v1/users/me HTTP/1.1\r\n"),
                line("tunnel to a path", 400, "CONNECT /api/v1/users/me HTTP/1.1\r\n"),
                line("TLS", 400, "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003"),
                line("HTTP/0.9", 505, "GET /api/v1/users/me\r\n"),
                line("HTTP/0.9, named", 505, "GET /api/v1/users/me HTTP/0.9\r\n"),
                line("HTTP/1", 505, "GET /api/v1/users/me HTTP/1\r\n"),
                line("HTTP/1.2", 505, "GET /api/v1/users/me HTTP/1.2\r\n"),
                line("HTTP/1.9", 505, "GET /api/v1/users/me HTTP/1.9\r\n"),
                line("HTTP/1.10", 505, "GET /api/v1/users/me HTTP/1.10\r\n"),
                line("HTTP/2.0", 505, "GET /api/v1/users/me HTTP/2.0\r\n"),
                arguments("HTTP/2 preface", 505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
                line("HTTP/3.0", 505, "GET /api/v1/users/me HTTP/3.0\r\n"),
                line("lower case", 400, "GET /api/v1/users/me http/1.1\r\n"),
                line("lower case, HTTP/1.0", 400, "GET /api/v1/users/me http/1.0\r\n"),
                line("mixed case", 400, "GET /api/v1/users/me Http/1.1\r\n"),
                line("last letter in lower case", 400, "GET /api/v1/users/me HTTp/1.1\r\n"),
                line("HTP/1.1", 505, "GET /api/v1/users/me HTP/1.1\r\n"),
                line("long path", 414, "GET /api/v1/users/" + "a".repeat(9000) + " HTTP/1.1\r\n"),
                line("long query", 414, "GET /api/v1/users/me?" + "a".repeat(9000) + " HTTP/1.1\r\n"),
                line("long method", 431, "G".repeat(9000) + " /api/v1/users/me HTTP/1.1\r\n"));
    }

    /** V14, L1 */
    @ParameterizedTest(name = "{0}")
    @MethodSource({"brokenFraming", "brokenChunks", "brokenHeaders", "brokenRequestLines"})
    void malformedRequestIsRefusedAndNothingAfterItIsRead(String name, int status, String request) {
        Answers answers = raw.send(request + SMUGGLED);

        Reply reply = answers.only().expectProblem(status, typeOf(status));
        assertThat(reply.header("Connection")).isEqualTo("close");
        assertThat(answers.closed()).isTrue();
    }

    /** V14, CVE-2026-2332: no request starts inside the unclosed quote of a chunk extension. */
    @Test
    void unclosedQuoteInAChunkExtensionIsRefused() {
        Answers answers =
                raw.send(LOGIN + CHUNKED + "\r\n1;a=\"\r\nX\r\n0\r\n\r\n" + SMUGGLED + "\"\r\nY\r\n0\r\n\r\n");

        answers.only().expectProblem(400, "malformed");
        assertThat(answers.closed()).isTrue();
    }

    /** V14: a proxy might not recognise these as chunked. */
    @ParameterizedTest
    @ValueSource(strings = {"chunked,", ", chunked", "gzip, chunked", "identity, chunked"})
    void nothingIsReadAfterAnUnusualTransferCoding(String coding) {
        Answers answers = raw.send(LOGIN + "Transfer-Encoding: " + coding + "\r\n\r\n" + CHUNKS + SMUGGLED);

        Reply reply = answers.only().expectProblem(415, "unsupported-media-type");
        assertThat(reply.header("Connection")).isEqualTo("close");
        assertThat(answers.closed()).isTrue();
    }

    /** RFC 9112, section 6.1: HTTP/1.0 has no chunks, so a proxy might see another end. */
    @Test
    void connectionClosesAfterAChunkedHttp10Request() {
        String request = LOGIN.replace("HTTP/1.1", "HTTP/1.0") + CHUNKED + "\r\n" + CHUNKS + SMUGGLED;

        raw.send(request).only().expectProblem(422, "validation");
    }

    @Test
    void bodyThatLooksLikeARequestIsABody() {
        raw.send(LOGIN + "Connection: close\r\nContent-Length: " + SMUGGLED.length() + "\r\n\r\n" + SMUGGLED)
                .only()
                .expectProblem(400, "malformed");
    }

    /** V14 */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/users/%0d%0aX:y",
                "/api/v1/users/%c0%af",
                "/api/v1/users/%ff",
                "/api/v1/users/%ed%a0%80",
                "/api/v1/users/%u0041",
                "/api/v1/users/%1b",
                "/api/v1/users/%7f",
                "/api/v1/users/%25",
                "/api/v1/users/%2525",
                "/api/v1/users/%zz",
                "/api/v1/users/%4",
                "/api/v1/users/%",
                "/api/v1/users/%00",
                "/api/v1/users/%2e%2e/me",
                "/api/v1/users/%2e/me",
                "/api/v1/users/..;/me",
                "/../api/v1/users/me",
                "//api/v1/users/me",
                "/api//v1/users/me",
                "/api/v1/users//me",
                "/api/v1/users%2fme",
                "/api/v1/users%5cme",
                "/api/v1\\users/me",
                "/api/v1/users/<a>",
                "/api/v1/users/\"a\"",
                "/api/v1/users/{id}",
                "/api/v1/users/^",
                "/api/v1/users/|",
                "/api/v1/users/`",
                "/api/v1/users/\u00c3\u00a9",
                "/api/v1/users/\u00e9",
                "/api/v1/users/me#x",
                "?x",
                "*",
                "http://",
                "http:///api/v1/users/me",
                "http://u:p@a/api/v1/users/me",
                "http://a:99999/api/v1/users/me",
                "http://a:x/api/v1/users/me",
                "http://a b/api/v1/users/me",
                "http://[::1/api/v1/users/me",
                "http:a/api/v1/users/me",
                "ftp://a/api/v1/users/me",
            })
    void ambiguousPathIsRefused(String target) {
        get(target).expectProblem(400, "malformed");
    }

    /** Dot segments never lead to an existing path. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/users/../users/me",
                "/api/v1/users/./me",
                "/api/v1/../../etc/passwd",
                "/api/v1/../v1/users/me"
            })
    void pathWithDotSegmentsIsNotFound(String target) {
        get(target).expectProblem(404, "not-found");
    }

    /** RFC 9112, section 3.2.2: the target decides, whatever the Host header says. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://a/api/v1/users/me",
                "http://other.example/api/v1/users/me",
                "http://other.example:8000/api/v1/users/me",
                "http://other.example:/api/v1/users/me",
                "https://other.example/api/v1/users/me",
                "HTTP://OTHER.example/api/v1/users/me",
                "http://[::1]:8000/api/v1/users/me"
            })
    void absoluteFormIsAcceptedWithAnyHostHeader(String target) {
        get(target).expectProblem(401, "unauthenticated");
    }

    /** RFC 9112, section 3.2: the header may be empty if the target has a host. */
    @Test
    void absoluteFormIsAcceptedWithAnEmptyHostHeader() {
        raw.send("GET http://a/api/v1/users/me HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n")
                .only()
                .expectProblem(401, "unauthenticated");
    }

    /** RFC 9110, section 7.2, and RFC 3986, section 3.2.3: a port may be empty. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost:",
                "localhost:8000",
                "roster.example.org:",
                "ROSTER.example.org",
                "a_b:8000",
                "127.0.0.1:",
                "[::1]",
                "[::1]:",
                "[::1]:8000",
                "a%41"
            })
    void wellFormedHostIsAccepted(String host) {
        raw.send(ME + "Host: " + host + "\r\nConnection: close\r\n\r\n").only().expectProblem(401, "unauthenticated");
    }

    /** RFC 3986, section 6.2.2.2 */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/users/%6De",
                "/api/v1/users/%6d%65",
                "/%61%70%69/v1/users/me",
                "/api/v%31/users/me",
                "http://a/api/v1/users/%6De"
            })
    void encodedUnreservedCharactersMeanTheSame(String target) {
        get(target).expectProblem(401, "unauthenticated");
    }

    /** RFC 9110, section 9.3.7 */
    @Test
    void optionsOfTheServerAreAnswered() {
        Reply reply = get("OPTIONS", "*").expect(204);

        assertThat(reply.header("Allow")).isEqualTo("DELETE, GET, HEAD, OPTIONS, POST, PUT");
        assertThat(reply.header("X-Request-Id")).isNotBlank();
        assertThat(reply.header("traceresponse")).isNotBlank();
        assertThat(reply.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(reply.text()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "POST", "TRACE", "FOO"})
    void otherMethodsOfTheServerAreRefused(String method) {
        assertThat(get(method, "*").status()).isEqualTo(400);
    }

    /** H3 */
    @Test
    void tunnelsAreRefused() {
        raw.send(RawHttp.bytes("CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n"), 1)
                .only()
                .expectProblem(405, "method-not-allowed");
    }

    @Test
    void offeredUpgradeIsIgnored() {
        raw.send(ME + HOST
                        + "Connection: Upgrade, HTTP2-Settings, close\r\n"
                        + "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n")
                .only()
                .expectProblem(401, "unauthenticated");
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() {
        String post = LOGIN + "Content-Length: " + JSON.length() + "\r\n\r\n" + JSON;
        Answers answers = raw.send(ME + HOST + "\r\n" + post + LOGIN + CHUNKED + "\r\n" + CHUNKS + ME + HOST
                + "Connection: close\r\n\r\n");

        assertThat(answers.replies()).extracting(Reply::status).containsExactly(401, 422, 422, 401);
    }

    @Test
    void expectContinueIsAnsweredBeforeTheBody() {
        String header =
                LOGIN + "Expect: 100-continue\r\nConnection: close\r\nContent-Length: " + JSON.length() + "\r\n\r\n";

        assertThat(raw.send(header + JSON).replies()).extracting(Reply::status).containsExactly(100, 422);
    }

    /** RFC 9110, section 10.1.1: HTTP/1.0 has no interim responses. */
    @ParameterizedTest
    @ValueSource(strings = {"100-continue", "100-Continue", "more"})
    void http10HasNoExpectations(String expectation) {
        String request = LOGIN.replace("HTTP/1.1", "HTTP/1.0") + "Expect: " + expectation + "\r\nContent-Length: "
                + JSON.length() + "\r\n\r\n" + JSON;

        raw.send(request).only().expectProblem(422, "validation");
    }

    /** V3 */
    @Test
    void expectContinueIsRefusedForATooLargeBody() {
        raw.send(LOGIN + "Expect: 100-continue\r\nContent-Length: 16385\r\n\r\n")
                .only()
                .expectProblem(413, "too-large");
    }

    @Test
    void otherExpectationsAreRefused() {
        raw.send(LOGIN + "Expect: more\r\nConnection: close\r\nContent-Length: 7\r\n\r\n" + JSON)
                .only()
                .expectProblem(417, "malformed");
    }

    private Reply get(String target) {
        return get("GET", target);
    }

    private Reply get(String method, String target) {
        return raw.send(method + " " + target + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                .only();
    }

    private static Arguments framing(String name, String header, String body) {
        return arguments(name, 400, LOGIN + header + "\r\n" + body);
    }

    private static Arguments chunks(String name, String chunks) {
        return framing("chunks: " + name, CHUNKED, chunks);
    }

    private static Arguments header(String name, String header) {
        return arguments("header: " + name, 400, ME + HOST + header + "\r\n");
    }

    private static Arguments line(String name, int status, String line) {
        return arguments("request line: " + name, status, line + HOST + "\r\n");
    }

    private static String typeOf(int status) {
        return status == 414 || status == 431 ? "too-large" : "malformed";
    }
}
