package dev.roster.http.body;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.http.Leaks;
import dev.roster.support.http.RawHttp;
import dev.roster.support.http.Reply;
import java.io.ByteArrayInputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that are too large, of another media type, or malformed. */
class BodyIT {
    @RegisterExtension
    static final RosterExtension ROSTER = RosterExtension.shared();

    private static final int LIMIT = 16 * 1024;
    private static final String JSON_TYPE = "application/json";
    private static final String LOGIN =
            "POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
    private static final String UNREADABLE = "The body is not well-formed JSON";
    private static final String PAST_LIMIT =
            "The JSON exceeds a limit: 8 levels, 6000 tokens, 64 characters in a name.";

    private final Api api = ROSTER.api();

    @Test
    void bodyOfMaximumSizeIsRead() {
        byte[] body = jsonOf(LIMIT);

        login(JSON_TYPE, withLength(body)).expectInvalid("a", "email", "password");
        login(JSON_TYPE, inChunks(body)).expectInvalid("a", "email", "password");
    }

    /** V3 */
    @Test
    void bodyOneByteOverTheMaximumIsRefused() {
        byte[] body = jsonOf(LIMIT + 1);

        send(withHeader(body)).expectProblem(413, "too-large");
        send(withHeaderInChunks(body)).expectProblem(413, "too-large");
    }

    /** V3, F17: tiny chunks do not get around the limit. */
    @Test
    void largeBodyInTinyChunksIsRefused() {
        send(inTinyChunks("1")).expectProblem(413, "too-large");
    }

    /** V3, F17: the size of chunk extensions is limited. */
    @Test
    void largeChunkExtensionsAreRefused() {
        send(inTinyChunks("1;a=b;c=\"d\"")).expectProblem(400, "malformed");
    }

    /** V3: an endless body is not read to its end. */
    @Test
    void connectionClosesOnAMuchTooLargeBody() {
        String chunk = "4000\r\n" + "x".repeat(LIMIT) + "\r\n";

        ROSTER.raw()
                .send(LOGIN + "Transfer-Encoding: chunked\r\n\r\n" + chunk.repeat(5))
                .only()
                .expectProblem(413, "too-large");
    }

    /** V3: the declared length is enough, and is checked before authentication. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /api/v1/auth/register",
                "POST /api/v1/auth/logout",
                "PUT /api/v1/users/x",
                "GET /api/v1/users/me"
            })
    void largeBodyIsRefusedBeforeItArrives(String request) {
        String header = request + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\n"
                + "Content-Length: 9223372036854775807\r\n\r\n";

        ROSTER.raw().send(header).only().expectProblem(413, "too-large");
    }

    /** V3 */
    @Test
    void largeBodiesAreNotKeptInMemory() {
        byte[] body = jsonOf(2 * LIMIT);
        IntStream.range(0, 50).forEach(i -> send(withHeaderInChunks(body)).expect(413));
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        long before = memory.getHeapMemoryUsage().getUsed();

        for (int i = 0; i < 1000; i++) {
            send(i % 2 == 0 ? withHeader(body) : withHeaderInChunks(body)).expect(413);
        }

        memory.gc();
        assertThat(memory.getHeapMemoryUsage().getUsed() - before).isLessThan(20 * 1024 * 1024);
    }

    /** V3 */
    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate", "br", "zstd", "gzip, gzip", "gzip, identity", "identity, gzip", "bogus"})
    void encodedBodyIsRefused(String encoding) {
        api.send(api.request("/auth/login")
                        .header("Content-Type", JSON_TYPE)
                        .header("Content-Encoding", encoding)
                        .POST(BodyPublishers.ofString("{}")))
                .expectProblem(415, "unsupported-media-type");
    }

    /** RFC 9110, sections 8.4.1 and 5.6.1.2: not encoded at all. */
    @ParameterizedTest
    @ValueSource(strings = {"identity", "Identity", "identity, identity", ", identity,", "", ","})
    void identityIsNoEncoding(String encoding) {
        api.send(api.request("/auth/login")
                        .header("Content-Type", JSON_TYPE)
                        .header("Content-Encoding", encoding)
                        .POST(BodyPublishers.ofString("{}")))
                .expectInvalid("email", "password");
    }

    /** RFC 9112, section 6.1 */
    @Test
    void transferCodingBelowChunkedIsRefused() {
        String body = "2\r\n{}\r\n0\r\n\r\n";

        send(RawHttp.bytes(LOGIN + "Transfer-Encoding: gzip, chunked\r\n\r\n" + body))
                .expectProblem(415, "unsupported-media-type");
    }

    /** V5, H3: a form on another site can send three of these. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "text/json",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "application/xml",
                "application/octet-stream",
                "application/problem+json",
                "application/merge-patch+json",
                "application/json;charset=utf-16",
                "application/json;charset=iso-8859-1",
                "application/json; charset=bogus",
                "application/json; charset=",
                "application/json;charset",
                "application/json; charset=utf-8; =",
                "application/json, text/plain",
                "application/*",
                "*/*",
                "json",
                ";;;",
                " ",
            })
    void otherMediaTypesAreRefused(String type) {
        login(type, BodyPublishers.ofString("{}")).expectProblem(415, "unsupported-media-type");
    }

    /** V5 */
    @Test
    void bodyWithoutAMediaTypeIsRefused() {
        api.send(api.request("/auth/login").POST(BodyPublishers.ofString("{}")))
                .expectProblem(415, "unsupported-media-type");
    }

    /** V5 */
    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/json"})
    void bodyWithTwoMediaTypesIsRefused(String second) {
        api.send(api.request("/auth/login")
                        .header("Content-Type", JSON_TYPE)
                        .header("Content-Type", second)
                        .POST(BodyPublishers.ofString("{}")))
                .expectProblem(415, "unsupported-media-type");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "APPLICATION/JSON",
                "application/json;charset=UTF-8",
                "application/json;charset=utf8",
                "application/json; charset=UTF8",
                "application/json; charset=\"utf8\"",
                "application/json;",
                "application/json; ;charset=utf-8;",
                "application/json; version=1",
                "application/json; charset=\"utf-8\""
            })
    void everySpellingOfJsonInUtf8IsRead(String type) {
        login(type, BodyPublishers.ofString("{}")).expectInvalid("email", "password");
    }

    static Stream<Arguments> otherEncodings() {
        return Stream.of(
                arguments("UTF-16", "{}".getBytes(StandardCharsets.UTF_16)),
                arguments("UTF-16LE", "{}".getBytes(StandardCharsets.UTF_16LE)),
                arguments("UTF-16BE", "{}".getBytes(StandardCharsets.UTF_16BE)),
                arguments("UTF-32", "{}".getBytes(Charset.forName("UTF-32"))),
                arguments("UTF-32LE", "{}".getBytes(Charset.forName("UTF-32LE"))),
                arguments("byte order mark", RawHttp.bytes("\u00ef\u00bb\u00bf{}")),
                arguments("over-long form", RawHttp.bytes("{\"a\":\"\u00c0\u00af\"}")),
                arguments("over-long NUL", RawHttp.bytes("{\"a\":\"\u00c0\u0080\"}")),
                arguments("surrogate", RawHttp.bytes("{\"a\":\"\u00ed\u00a0\u0080\"}")),
                arguments("past U+10FFFF", RawHttp.bytes("{\"a\":\"\u00f4\u0090\u0080\u0080\"}")),
                arguments("no UTF-8", RawHttp.bytes("{\"a\":\"\u00ff\"}")),
                arguments("half a character", RawHttp.bytes("{\"a\":\"\u00c3\"}")),
                arguments("NUL between", RawHttp.bytes("{\0}")),
                arguments("NUL in text", RawHttp.bytes("{\"a\":\"\0\"}")),
                arguments("NUL at the end", RawHttp.bytes("{}\0")));
    }

    /** V5 */
    @ParameterizedTest(name = "{0}")
    @MethodSource("otherEncodings")
    void malformedUtf8IsRefused(String name, byte[] body) {
        Reply reply = login(JSON_TYPE, withLength(body)).expectProblem(400, "malformed");

        assertThat(reply.body().path("detail").asText()).startsWith("The body is not well-formed");
    }

    /** V2 */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1,\"a\":1}",
                "{\"email\":\"a@b.cd\",\"email\":\"a@b.cd\"}",
                "{\"a\":{\"b\":1,\"b\":2}}",
                "{} x",
                "{}{}",
                "{},",
                "{\"a\":1",
                "{\"a\":\"",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{,}",
                "[1,,2]",
                "{/**/}",
                "{}//",
                "#\n{}",
                "{'a':1}",
                "{a:1}",
                "{\"a\":NaN}",
                "{\"a\":-Infinity}",
                "{\"a\":01}",
                "{\"a\":+1}",
                "{\"a\":.5}",
                "{\"a\":5.}",
                "{\"a\":0x1}",
                "{\"a\":True}",
                "{\"a\":\"\t\"}",
                "{\"a\":\"\n\"}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\\u12\"}",
                "nonsense",
                "]",
            })
    void malformedJsonIsRefused(String body) {
        Reply reply = login(JSON_TYPE, BodyPublishers.ofString(body)).expectProblem(400, "malformed");

        assertThat(reply.body().path("detail").asText()).startsWith(UNREADABLE);
        Leaks.none(reply);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\r\n\t "})
    void emptyBodyIsRefused(String body) {
        Reply reply = login(JSON_TYPE, BodyPublishers.ofString(body)).expectProblem(400, "malformed");

        assertThat(reply.body().path("detail").asText()).isEqualTo("The body is empty.");
    }

    static Stream<Arguments> bombs() {
        return Stream.of(
                arguments("nine levels", "[".repeat(9) + "]".repeat(9)),
                arguments("16,000 levels", "[".repeat(16_000)),
                arguments("16,000 levels of objects", "{\"a\":".repeat(3_000)),
                arguments("6,001 tokens", "[" + "1,".repeat(5_998) + "1]"),
                arguments("name of 65 characters", "{\"" + "n".repeat(65) + "\":1}"));
    }

    /** V4 */
    @ParameterizedTest(name = "{0}")
    @MethodSource("bombs")
    void jsonPastALimitIsRefused(String name, String body) {
        Reply reply = login(JSON_TYPE, BodyPublishers.ofString(body)).expectProblem(400, "malformed");

        assertThat(reply.body().path("detail").asText()).isEqualTo(PAST_LIMIT);
    }

    /** V4 */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":[[[[[[[]]]]]]]}",
                "{\"a\":11111111111111111111111111111111}",
                "{\"a\":1e999999999}",
                "{\"a\":1e99999999999999999999}"
            })
    void jsonWithinTheLimitsIsRead(String body) {
        login(JSON_TYPE, BodyPublishers.ofString(body)).expectInvalid("a", "email", "password");
    }

    @Test
    void numberOfManyDigitsIsRead() {
        login(JSON_TYPE, BodyPublishers.ofString("{\"a\":" + "1".repeat(16_000) + "}"))
                .expectInvalid("a", "email", "password");
    }

    /** V1, V4 */
    @Test
    void everyUnknownMemberIsNamed() {
        Map<String, String> errors = login(JSON_TYPE, BodyPublishers.ofString(members(98)))
                .expectProblem(422, "validation")
                .errors();

        assertThat(errors).hasSize(98 + 2).containsEntry("k97", "is not a known member");
    }

    /** V4: otherwise the answer would be much larger than the request. */
    @Test
    void theFirstHundredInvalidMembersAreNamed() {
        Reply reply = login(JSON_TYPE, BodyPublishers.ofString(members(1_500))).expectProblem(422, "validation");

        assertThat(reply.errors()).hasSize(100).containsKey("k99").doesNotContainKey("k100");
        assertThat(reply.body().path("detail").asText()).isEqualTo("100 members are not valid");
    }

    /** V3, V4 */
    @Test
    void tenThousandMembersAreRefused() {
        send(withHeader(RawHttp.bytes(members(10_000)))).expectProblem(413, "too-large");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "[{}]", "\"x\"", "1", "-0.5", "null", "true", "false"})
    void bodyMustBeAnObject(String body) {
        login(JSON_TYPE, BodyPublishers.ofString(body)).expectInvalid("body");
    }

    private Reply login(String type, BodyPublisher body) {
        return api.send(api.request("/auth/login").header("Content-Type", type).POST(body));
    }

    /** One write: a client that is still sending when the answer arrives may see the connection fail. */
    private static Reply send(byte[] request) {
        return ROSTER.raw().send(request, 1).only();
    }

    private static byte[] withHeader(byte[] body) {
        return RawHttp.join(RawHttp.bytes(LOGIN + "Content-Length: " + body.length + "\r\n\r\n"), body);
    }

    private static byte[] withHeaderInChunks(byte[] body) {
        String size = Integer.toHexString(body.length) + "\r\n";
        return RawHttp.join(
                RawHttp.bytes(LOGIN + "Transfer-Encoding: chunked\r\n\r\n" + size),
                body,
                RawHttp.bytes("\r\n0\r\n\r\n"));
    }

    private static byte[] inTinyChunks(String size) {
        String chunks = (size + "\r\nx\r\n").repeat(LIMIT + 1);
        return RawHttp.bytes(LOGIN + "Transfer-Encoding: chunked\r\n\r\n" + chunks + "0\r\n\r\n");
    }

    private static BodyPublisher withLength(byte[] body) {
        return BodyPublishers.ofByteArray(body);
    }

    private static BodyPublisher inChunks(byte[] body) {
        return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body));
    }

    private static byte[] jsonOf(int bytes) {
        return RawHttp.bytes("{\"a\":\"" + "x".repeat(bytes - 8) + "\"}");
    }

    private static String members(int count) {
        return IntStream.range(0, count).mapToObj(i -> "\"k" + i + "\":1").collect(Collectors.joining(",", "{", "}"));
    }
}
