package dev.roster.http.connection;

import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * A connector whose closed connections leave nothing in the kernel: see {@link ClosedSockets}. Jetty itself closes a
 * connection after the idle timeout, after an answer with {@code Connection: close}, after a malformed request, when
 * the client has closed its side, and when the service stops.
 */
public final class ResettingConnector extends ServerConnector {
    private final ClosedSockets closed = new ClosedSockets();

    ResettingConnector(
            Server server,
            Executor executor,
            Scheduler scheduler,
            ByteBufferPool buffers,
            ServerConnector model,
            ConnectionFactory... factories) {
        super(
                server,
                executor,
                scheduler,
                buffers,
                model.getAcceptors(),
                model.getSelectorManager().getSelectorCount(),
                factories);
        setName(model.getName());
        setHost(model.getHost());
        setPort(model.getPort());
        setInheritChannel(model.isInheritChannel());
        setAcceptQueueSize(model.getAcceptQueueSize());
        setReuseAddress(model.getReuseAddress());
        setIdleTimeout(model.getIdleTimeout());
    }

    /** Sets how long the client of a closed connection may take for the rest of its answer. */
    public void setPatience(Duration patience) {
        closed.setPatience(patience);
    }

    /** Resets the closed connections whose time is over. Call it a few times a second. */
    void resetOldSockets() {
        closed.resetOld();
    }

    @Override
    protected SocketChannelEndPoint newEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key) {
        Resettable endPoint = new Resettable(channel, selector, key);
        endPoint.setIdleTimeout(getIdleTimeout());
        return endPoint;
    }

    @Override
    protected void doStop() throws Exception {
        super.doStop();
        closed.resetAll();
    }

    /** A connection that can be closed without leaving anything to the kernel. Thread-safe. */
    final class Resettable extends SocketChannelEndPoint {
        private final ManagedSelector selector;
        private volatile boolean isReset;
        private volatile boolean isClosed;
        private volatile @Nullable StreamedWrites stream;

        Resettable(SocketChannel channel, ManagedSelector selector, SelectionKey key) {
            super(channel, selector, key, ResettingConnector.this.getScheduler());
            this.selector = selector;
        }

        /** Closes the connection at once, and discards what the client has not taken. */
        void closeWithReset() {
            isReset = true;
            close();
        }

        /** From now on, the answer on this connection is sent while it is written. */
        StreamedWrites beginStream() {
            StreamedWrites begun = new StreamedWrites();
            stream = begun;
            return begun;
        }

        void endStream() {
            stream = null;
        }

        /** The writes of the stream on this connection; null if there is none. */
        @Nullable
        StreamedWrites stream() {
            return stream;
        }

        @Override
        public boolean isOpen() {
            return !isClosed && super.isOpen();
        }

        @Override
        public void doClose() {
            isClosed = true;
            if (isReset) {
                ClosedSockets.reset(getChannel());
            } else {
                closed.add(getChannel());
                // Jetty's selector lets go of the socket; it would do so by itself if the socket were closed.
                SelectionKey key = getChannel().keyFor(selector.getSelector());
                if (key != null) {
                    key.cancel();
                }
            }
        }
    }
}
