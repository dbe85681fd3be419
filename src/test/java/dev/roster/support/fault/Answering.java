package dev.roster.support.fault;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A server that reads the first bytes of each connection, answers with a fixed text, and closes it. */
public final class Answering implements AutoCloseable {
    private final ServerSocket listener;
    private final byte[] answer;

    private Answering(ServerSocket listener, byte[] answer) {
        this.listener = listener;
        this.answer = answer;
    }

    /** Starts a server with this answer. */
    public static Answering with(String answer) throws IOException {
        Answering server = new Answering(
                new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1")),
                answer.getBytes(StandardCharsets.US_ASCII));
        Thread thread = new Thread(server::accept, "answering");
        thread.setDaemon(true);
        thread.start();
        return server;
    }

    /** An address of a database on this server. */
    public String url() {
        return "jdbc:postgresql://127.0.0.1:" + listener.getLocalPort() + "/roster";
    }

    private void accept() {
        while (!listener.isClosed()) {
            try (Socket client = listener.accept()) {
                byte[] first = new byte[8];
                int length = client.getInputStream().read(first);
                if (length > 0) {
                    client.getOutputStream().write(answer);
                }
            } catch (IOException e) {
                // the client has left, or this server is closed
            }
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
