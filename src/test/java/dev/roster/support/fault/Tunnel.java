package dev.roster.support.fault;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/** Gives each of two sockets what the other one sends; when one ends, both are closed. Thread-safe. */
public final class Tunnel implements Closeable {
    private static final int BUFFER = 16 * 1024;

    private final Socket client;
    private final Socket server;
    private final Gate gate;

    /** @param server may not be connected yet */
    public Tunnel(Socket client, Socket server, Gate gate) {
        this.client = client;
        this.server = server;
        this.gate = gate;
    }

    /** Carries both ways until one side ends or {@link #close} is called; takes the calling thread and one more. */
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
                gate.await(); // an end, too, is something that passes
                int passed = count > 0 && gate.breaksOff(buffer[0]) ? 1 : 0;
                out.write(buffer, 0, passed);
                if (passed > 0) {
                    gate.await();
                }
                out.write(buffer, passed, Math.max(count - passed, 0));
            } while (count >= 0);
        } catch (IOException e) {
            // One side is gone; so is the other one now.
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
            // They are as closed as they can be.
            return;
        }
    }

    /** Decides when something may pass. */
    public interface Gate {
        /**
         * Returns when what has just been read may go on.
         *
         * @throws IOException where it never may
         */
        void await() throws IOException;

        /** Whether nothing but this byte may pass, until {@link #await} returns once more. */
        default boolean breaksOff(byte first) {
            return false;
        }

        /** This one is over. Called at least once. */
        void forget(Tunnel tunnel);
    }
}
