package dev.roster.support.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Ports that stay free while their server restarts: below the range that systems use for outgoing connections. */
public final class Ports {
    private static final AtomicInteger NEXT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(20_000, 30_000));

    private Ports() {}

    /** A free port that this method has not returned before. */
    public static int free() {
        int port;
        do {
            port = NEXT.getAndIncrement();
        } while (!isFree(port));
        return port;
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
