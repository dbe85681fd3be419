package dev.roster.http.connection;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingNestedCallback;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is kept in memory until the request is handled, and sent afterwards. Its writer never blocks and does
 * not notice a client that has gone. Only a {@linkplain BufferingHandler#stream stream} is sent at once. Jetty calls it
 * back once the request is handled. Not thread-safe.
 */
public final class BufferedResponse extends Response.Wrapper implements Callback {
    /** The request attribute with the array given to {@link BufferingHandler#share}. */
    static final String SHARED = BufferedResponse.class.getName() + ".shared";

    /** The request attribute set by {@link BufferingHandler#stream}. */
    static final String STREAM = BufferedResponse.class.getName() + ".stream";

    /** The request attribute with the time it took to make the answer, or to begin a stream, in nanoseconds. */
    public static final String NANOS = "dev.roster.nanos";

    private final UnreadAnswers unread;
    private final Callback callback;
    private long begin = System.nanoTime();

    /** Each at most as large as Jetty's buffer: for every thread the JDK keeps a buffer of its largest single write. */
    private final Deque<ByteBuffer> pieces = new ArrayDeque<>();

    /** The bytes of the pieces that are copies. */
    private long copied;

    /** The connection, once this answer is sent as a stream. */
    private @Nullable StreamedWrites stream;

    private boolean isStreamWhole;

    BufferedResponse(Request request, Response response, UnreadAnswers unread, Callback callback) {
        super(request, response);
        this.unread = unread;
        this.callback = callback;
    }

    /** Restarts the time measurement, when the request is handed on later. */
    void begin() {
        begin = System.nanoTime();
    }

    @Override
    public void write(boolean last, @Nullable ByteBuffer content, Callback written) {
        if (getRequest().getAttribute(STREAM) != null) {
            writeStream(last, content, written);
            return;
        }
        if (content != null && content.hasRemaining()) {
            pieces.add(isShared(content) ? content.slice() : copy(content));
            BufferUtil.clear(content);
        }
        written.succeeded();
    }

    private void writeStream(boolean last, @Nullable ByteBuffer content, Callback written) {
        if (stream == null) {
            getRequest().setAttribute(NANOS, System.nanoTime() - begin);
            stream = beginStream();
        }
        isStreamWhole |= last;
        super.write(last, content, stream.begin(written));
    }

    private StreamedWrites beginStream() {
        return endPoint() instanceof ResettingConnector.Resettable connection
                ? connection.beginStream()
                : new StreamedWrites();
    }

    private ByteBuffer copy(ByteBuffer content) {
        copied += content.remaining();
        return ByteBuffer.wrap(BufferUtil.toArray(content));
    }

    @SuppressWarnings("ByteBufferBackingArray") // compares, does not read
    private boolean isShared(ByteBuffer content) {
        return content.hasArray() && content.array() == getRequest().getAttribute(SHARED);
    }

    @Override
    public void reset() {
        pieces.clear();
        copied = 0;
        super.reset();
    }

    @Override
    public void succeeded() {
        if (stream != null) {
            endStream();
            return;
        }
        getRequest().setAttribute(NANOS, System.nanoTime() - begin);
        if (getStatus() == HttpStatus.NOT_MODIFIED_304) {
            sendNotModified();
        } else if (pieces.isEmpty()) {
            super.write(true, BufferUtil.EMPTY_BUFFER, callback);
        } else {
            unread.add(this, copied);
            new Sending().iterate();
        }
    }

    private void endStream() {
        releaseConnection();
        if (isStreamWhole) {
            callback.succeeded();
        } else {
            super.write(true, BufferUtil.EMPTY_BUFFER, callback);
        }
    }

    /** Sends no Content-Length (RFC 9110, section 8.6): Jetty would add 0 if the first write were the last. */
    private void sendNotModified() {
        getHeaders().remove(HttpHeader.CONTENT_LENGTH);
        super.write(
                false,
                BufferUtil.EMPTY_BUFFER,
                Callback.from(() -> super.write(true, BufferUtil.EMPTY_BUFFER, callback), callback::failed));
    }

    private void releaseConnection() {
        if (endPoint() instanceof ResettingConnector.Resettable connection) {
            connection.endStream();
        }
    }

    @Override
    public void failed(Throwable failure) {
        if (stream != null) {
            releaseConnection();
        }
        callback.failed(failure);
    }

    /** The connection of the answer. */
    EndPoint endPoint() {
        return getRequest().getConnectionMetaData().getConnection().getEndPoint();
    }

    @Override
    public InvocationType getInvocationType() {
        return callback.getInvocationType();
    }

    /** Writes the pieces one after another, each once the previous one is written. */
    private final class Sending extends IteratingNestedCallback {
        Sending() {
            super(Callback.from(() -> unread.remove(BufferedResponse.this), callback));
        }

        @Override
        protected Action process() {
            ByteBuffer piece = pieces.poll();
            if (piece == null) {
                return Action.SUCCEEDED;
            }
            BufferedResponse.super.write(pieces.isEmpty(), piece, this);
            return Action.SCHEDULED;
        }
    }
}
