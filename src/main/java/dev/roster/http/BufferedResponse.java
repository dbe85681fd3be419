package dev.roster.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is kept in memory until its request is dealt with, and sent then: who writes it never waits, and does not
 * meet a client that is gone. As the callback it is told when that is. For one thread at a time.
 */
final class BufferedResponse extends Response.Wrapper implements Callback {
    /** In bytes: the JDK keeps a copy as large as what is written at once, for each thread. */
    private static final int PIECE = 32 * 1024;

    private final Callback callback;
    private ByteArrayOutputStream body = new ByteArrayOutputStream(0);

    BufferedResponse(Request request, Response response, Callback callback) {
        super(request, response);
        this.callback = callback;
    }

    @Override
    public void write(boolean last, @Nullable ByteBuffer content, Callback written) {
        if (content != null) {
            body.writeBytes(BufferUtil.toArray(content));
            BufferUtil.clear(content);
        }
        written.succeeded();
    }

    @Override
    public void reset() {
        body.reset();
        super.reset();
    }

    @Override
    public void succeeded() {
        ByteBuffer content = ByteBuffer.wrap(body.toByteArray());
        body = new ByteArrayOutputStream(0); // until the client takes it there is one of it
        send(content);
    }

    private void send(ByteBuffer content) {
        if (content.remaining() <= PIECE) {
            super.write(true, content, callback);
        } else {
            ByteBuffer piece = content.slice(content.position(), PIECE);
            content.position(content.position() + PIECE);
            super.write(false, piece, Callback.from(() -> send(content), callback::failed));
        }
    }

    @Override
    public void failed(Throwable failure) {
        callback.failed(failure);
    }

    @Override
    public InvocationType getInvocationType() {
        return callback.getInvocationType();
    }
}
