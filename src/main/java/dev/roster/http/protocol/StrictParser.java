package dev.roster.http.protocol;

import com.google.common.collect.Sets;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Set;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.util.BufferUtil;

/**
 * Refuses a request line whose version is not named in upper case (RFC 9112, section 2.3). Jetty ignores the case. Not
 * thread-safe.
 */
final class StrictParser extends HttpParser {
    private static final Set<State> IN_LINE = Sets.immutableEnumSet(EnumSet.range(State.START, State.PROXY));
    private static final int NAME = 'H' << 24 | 'T' << 16 | 'T' << 8 | 'P';
    private static final int TO_LOWER_CASE = 0x20202020;

    /** The last eight bytes of the request line so far: in the end, the version. */
    private long line;

    StrictParser(RequestHandler handler, int maxHeaderBytes, HttpCompliance compliance) {
        super(handler, maxHeaderBytes, compliance);
    }

    @Override
    public boolean parseNext(ByteBuffer buffer) {
        if (IN_LINE.contains(getState()) && !isNameInUpperCase(buffer)) {
            BufferUtil.clear(buffer);
            badMessage(StrictConnection.refusal("Bad version"));
            return false;
        }
        return super.parseNext(buffer);
    }

    /** The line ends with its LF, which may come in a later read than its CR. */
    private boolean isNameInUpperCase(ByteBuffer buffer) {
        for (int i = buffer.position(); i < buffer.limit(); i++) {
            byte next = buffer.get(i);
            if (next != '\r' && next != '\n') {
                line = line << Byte.SIZE | Byte.toUnsignedInt(next);
            } else if (next == '\n' && line != 0) { // otherwise a blank line before the request
                int name = (int) (line >>> Integer.SIZE);
                line = 0;
                return name == NAME || (name | TO_LOWER_CASE) != (NAME | TO_LOWER_CASE);
            }
        }
        return true;
    }
}
