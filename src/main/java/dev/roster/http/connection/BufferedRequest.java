package dev.roster.http.connection;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** A request whose body, or the first of it, is in memory, so that reading it never waits. For one thread at a time. */
final class BufferedRequest extends Request.Wrapper {
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final int kept;
    private long received;
    private boolean given;
    private Content.@Nullable Chunk end;

    /** @param kept how many bytes of the body there are to read, at most */
    BufferedRequest(Request request, int kept) {
        super(request);
        this.kept = kept;
    }

    /**
     * Reads what has come.
     *
     * @return whether there is no more to wait for: the end, a failure, or as many bytes
     */
    boolean fill(long enough) {
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
            } else if (received > enough) {
                end(new IOException("More than is read"));
            }
        }
        return true;
    }

    /** Ends it here: who reads the body meets this failure. */
    void end(Throwable failure) {
        end = Content.Chunk.from(failure, true);
    }

    /** Whether all of the body has come. */
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
