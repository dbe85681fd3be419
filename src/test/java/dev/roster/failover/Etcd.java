package dev.roster.failover;

import dev.roster.support.Poll;
import dev.roster.support.process.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;

/** The store in which Patroni keeps who is the primary: one member, on a port that stays. */
final class Etcd {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final int port = Ports.free();
    private final Daemon daemon;

    Etcd(Workplace workplace) {
        String peers = "http://127.0.0.1:" + Ports.free();
        daemon = workplace.daemon(
                "etcd",
                List.of(
                        "etcd",
                        "--name=etcd",
                        "--enable-v2=true",
                        "--data-dir=" + workplace.file("etcd"),
                        "--listen-client-urls=" + url(),
                        "--advertise-client-urls=" + url(),
                        "--listen-peer-urls=" + peers,
                        "--initial-advertise-peer-urls=" + peers,
                        "--initial-cluster=etcd=" + peers));
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    void start() {
        daemon.start();
        Poll.until("etcd listens: " + daemon, PATIENCE, this::isListening);
    }

    void stop() {
        daemon.terminate();
    }

    boolean isRunning() {
        return daemon.isRunning();
    }

    private boolean isListening() {
        try (Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false; // not yet
        }
    }
}
