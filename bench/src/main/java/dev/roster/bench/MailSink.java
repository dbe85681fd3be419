package dev.roster.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** An SMTP server on a free port of this machine. It accepts every mail and keeps none. */
final class MailSink implements AutoCloseable {
    private final ServerSocket listener;
    private final long delayMillis;

    /** @param delayMillis how long it waits before each of its answers */
    MailSink(long delayMillis) throws IOException {
        this.listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        this.delayMillis = delayMillis;
        start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                start(() -> serve(client));
            } catch (IOException e) {
                return; // the sink is closed
            }
        }
    }

    private void serve(Socket client) {
        try (client;
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII))) {
            OutputStream out = client.getOutputStream();
            answer(out, "220 sink");
            boolean isText = false;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!isText || line.equals(".")) {
                    String command = line.toUpperCase(Locale.ROOT);
                    isText = command.equals("DATA");
                    answer(out, isText ? "354 go on" : command.equals("QUIT") ? "221 bye" : "250 ok");
                }
            }
        } catch (IOException e) {
            return; // the client has closed the connection
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void answer(OutputStream out, String line) throws IOException, InterruptedException {
        Thread.sleep(delayMillis);
        out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "mail-sink");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
