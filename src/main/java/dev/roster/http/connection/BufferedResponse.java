package dev.roster.http.connection;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingNestedCallback;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is kept in memory until its request is dealt with, and sent then: who writes it never waits, and does not
 * meet a client that is gone. As the callback it is told when that is. For one thread at a time.
 */
public final class BufferedResponse extends Response.Wrapper implements Callback {
    /** The attribute of a request that holds what {@link BufferingHandler#share} was given. */
    static final String SHARED = BufferedResponse.class.getName() + ".shared";

    /** The request's attribute that tells how long the service has worked for it, when the answer was whole. */
    public static final String NANOS = "dev.roster.nanos";

    private final Callback callback;
    private long begin = System.nanoTime();

    /** At most as large as Jetty's buffer: the JDK keeps a copy as large as what is written at once, for each thread. */
    private final Deque<ByteBuffer> pieces = new ArrayDeque<>();

    BufferedResponse(Request request, Response response, Callback callback) {
        super(request, response);
        this.callback = callback;
    }

    /** To be called when the service begins, where that is later than it was made. */
    void begin() {
        begin = System.nanoTime();
    }

    @Override
    public void write(boolean last, @Nullable ByteBuffer content, Callback written) {
        if (content != null && content.hasRemaining()) {
            pieces.add(isShared(content) ? content.slice() : ByteBuffer.wrap(BufferUtil.toArray(content)));
            BufferUtil.clear(content);
        }
        written.succeeded();
    }

    @SuppressWarnings("ByteBufferBackingArray") // it is compared, not read
    private boolean isShared(ByteBuffer content) {
        return content.hasArray() && content.array() == getRequest().getAttribute(SHARED);
    }

    @Override
    public void reset() {
        pieces.clear();
        super.reset();
    }

    @Override
    public void succeeded() {
        getRequest().setAttribute(NANOS, System.nanoTime() - begin);
        if (getStatus() == HttpStatus.NOT_MODIFIED_304) {
            sendNotModified();
        } else if (pieces.isEmpty()) {
            super.write(true, BufferUtil.EMPTY_BUFFER, callback);
        } else {
            new Sending().iterate();
        }
    }

    /** Without a length, which would be of what is not sent (RFC 9110, section 8.6): Jetty adds 0 to what ends at once. */
    private void sendNotModified() {
        getHeaders().remove(HttpHeader.CONTENT_LENGTH);
        super.write(
                false,
                BufferUtil.EMPTY_BUFFER,
                Callback.from(() -> super.write(true, BufferUtil.EMPTY_BUFFER, callback), callback::failed));
    }

    @Override
    public void failed(Throwable failure) {
        callback.failed(failure);
    }

    @Override
    public InvocationType getInvocationType() {
        return callback.getInvocationType();
    }

    /** One piece after the other, each as soon as the one before is taken. */
    private final class Sending extends IteratingNestedCallback {
        Sending() {
            super(callback);
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
