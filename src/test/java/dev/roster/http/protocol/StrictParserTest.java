package dev.roster.http.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpVersion;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A request may arrive in any number of reads. */
class StrictParserTest {
    private static final String RIGHT = "\r\nGET /a HTTP/1.1\r\nX: http/1.1\r\nHost: a\r\n\r\n";
    private static final String WRONG = "\r\nGET /a http/1.1\r\nX: HTTP/1.1\r\nHost: a\r\n\r\n";

    static IntStream splits() {
        return IntStream.range(1, RIGHT.length());
    }

    @ParameterizedTest
    @MethodSource("splits")
    void nameInUpperCaseIsAcceptedHoweverTheRequestIsSplit(int at) {
        assertThat(parse(RIGHT.substring(0, at), RIGHT.substring(at)))
                .containsExactly("GET /a HTTP/1.1", "X: http/1.1", "Host: a", "end");
    }

    @ParameterizedTest
    @MethodSource("splits")
    void nameInLowerCaseIsRefusedHoweverTheRequestIsSplit(int at) {
        assertThat(parse(WRONG.substring(0, at), WRONG.substring(at))).containsExactly("Bad version");
    }

    @ParameterizedTest
    @MethodSource("splits")
    void laterRequestsOfAConnectionAreReadLikeTheFirst(int at) {
        String rest = RIGHT.substring(at);
        List<String> request = List.of("GET /a HTTP/1.1", "X: http/1.1", "Host: a", "end");

        assertThat(parse(RIGHT + RIGHT.substring(0, at), rest + RIGHT))
                .containsExactlyElementsOf(Stream.of(request, request, request)
                        .flatMap(List::stream)
                        .toList());
        assertThat(parse(RIGHT + WRONG.substring(0, at), WRONG.substring(at)))
                .containsExactlyElementsOf(Stream.concat(request.stream(), Stream.of("Bad version"))
                        .toList());
    }

    /** What the parser reports when these reads arrive. */
    private static List<String> parse(String... reads) {
        Events events = new Events();
        HttpParser parser = new StrictParser(events, 1_000, HttpCompliance.RFC9110);
        for (String read : reads) {
            ByteBuffer buffer = ByteBuffer.wrap(read.getBytes(US_ASCII));
            while (buffer.hasRemaining() && !parser.isClose() && !parser.isClosed()) {
                if (parser.parseNext(buffer) && parser.isComplete()) {
                    parser.reset();
                }
            }
        }
        return events.seen;
    }

    private static final class Events implements HttpParser.RequestHandler {
        private final List<String> seen = new ArrayList<>();

        @Override
        public void startRequest(String method, String uri, HttpVersion version) {
            seen.add(method + " " + uri + " " + version.asString());
        }

        @Override
        public void parsedHeader(HttpField field) {
            seen.add(field.getName() + ": " + field.getValue());
        }

        @Override
        public boolean headerComplete() {
            return false;
        }

        @Override
        public boolean content(ByteBuffer item) {
            return false;
        }

        @Override
        public boolean contentComplete() {
            return false;
        }

        @Override
        public boolean messageComplete() {
            seen.add("end");
            return true;
        }

        @Override
        public void badMessage(HttpException failure) {
            seen.add(String.valueOf(failure.getReason()));
        }

        @Override
        public void earlyEOF() {
            seen.add("early end");
        }
    }
}
