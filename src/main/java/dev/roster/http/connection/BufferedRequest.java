package dev.roster.http.connection;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** A request whose body, or its beginning, is in memory, so that reading never blocks. Not thread-safe. */
final class BufferedRequest extends Request.Wrapper {
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final int kept;
    private long received;
    private boolean given;
    private Content.@Nullable Chunk end;

    /** @param kept the most bytes of the body to keep; further bytes are discarded */
    BufferedRequest(Request request, int kept) {
        super(request);
        this.kept = kept;
    }

    /**
     * Reads the bytes that have arrived.
     *
     * @return whether to stop waiting: at the end of the body, after a failure, or past this number of bytes
     */
    boolean fill(long maximum) {
        while (end == null) {
            Content.Chunk chunk = getWrapped().read();
            if (chunk == null) {
                return false;
            }
            if (Content.Chunk.isFailure(chunk)) {
                end(chunk.getFailure());
                return true;
            }
            keep(chunk.getByteBuffer());
            chunk.release();
            if (chunk.isLast()) {
                end = Content.Chunk.EOF;
            } else if (received > maximum) {
                end(new IOException("The body exceeds what is read"));
            }
        }
        return true;
    }

    /** Ends the body with a failure, which its reader gets. */
    void end(Throwable failure) {
        end = Content.Chunk.from(failure, true);
    }

    /** Whether the whole body has arrived. */
    boolean isWhole() {
        return end == Content.Chunk.EOF;
    }

    private void keep(ByteBuffer content) {
        received += content.remaining();
        byte[] bytes = new byte[Math.min(content.remaining(), kept - body.size())];
        content.get(bytes);
        body.writeBytes(bytes);
    }

    @Override
    public Content.@Nullable Chunk read() {
        if (given || body.size() == 0) {
            return end;
        }
        given = true;
        return Content.Chunk.from(ByteBuffer.wrap(body.toByteArray()), false);
    }

    @Override
    public void demand(Runnable available) {
        getComponents().getExecutor().execute(available);
    }
}
