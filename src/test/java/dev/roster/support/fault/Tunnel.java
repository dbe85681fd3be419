package dev.roster.support.fault;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/** Copies bytes between two sockets. Closes both when one ends. Thread-safe. */
public final class Tunnel implements Closeable {
    private static final int BUFFER = 16 * 1024;

    private final Socket client;
    private final Socket server;
    private final Gate gate;

    /** @param server is connected at the latest when {@link #carry} is called */
    public Tunnel(Socket client, Socket server, Gate gate) {
        this.client = client;
        this.server = server;
        this.gate = gate;
    }

    /**
     * Copies in both directions until one side ends or {@link #close} is called. Uses the calling thread and one more.
     */
    public void carry() {
        Thread back = new Thread(() -> carry(server, client), "tunnel");
        back.setDaemon(true);
        back.start();
        carry(client, server);
    }

    private void carry(Socket from, Socket to) {
        try (this) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[BUFFER];
            int count;
            do {
                count = in.read(buffer);
                gate.await(); // the end of a stream has to pass too
                int passed = count > 0 && gate.breaksOff(buffer[0]) ? 1 : 0;
                out.write(buffer, 0, passed);
                if (passed > 0) {
                    gate.await();
                }
                out.write(buffer, passed, Math.max(count - passed, 0));
            } while (count >= 0);
        } catch (IOException e) {
            // One side has gone: the other one is closed now.
            return;
        }
    }

    /** Closes both sockets. */
    @Override
    public void close() {
        try (client;
                server) {
            gate.forget(this);
        } catch (IOException e) {
            // There is nothing more to close.
            return;
        }
    }

    /** Decides when bytes may pass. */
    public interface Gate {
        /**
         * Waits until the bytes that were just read may pass.
         *
         * @throws IOException if they never may
         */
        void await() throws IOException;

        /** Whether only this byte may pass until {@link #await} returns again. */
        default boolean breaksOff(byte first) {
            return false;
        }

        /** The tunnel has ended. Called at least once. */
        void forget(Tunnel tunnel);
    }
}
