package dev.roster.support.mail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * An SMTP server on a free port of this machine. It accepts every mail, and keeps who got it and its Message-ID.
 * Thread-safe.
 */
public final class MailSink implements AutoCloseable {
    private static final String MESSAGE_ID = "Message-ID: ";
    private static final String RECIPIENT = "RCPT TO:";

    private final ServerSocket listener;
    private final long delayMillis;
    private final Queue<Mail> mails = new ConcurrentLinkedQueue<>();
    private boolean isHeld;

    /** A mail that has arrived completely. */
    public record Mail(String to, String messageId) {}

    /** @param delayMillis how long it waits before each of its answers */
    public MailSink(long delayMillis) throws IOException {
        this.listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        this.delayMillis = delayMillis;
        start(this::accept);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** The mails so far. A mail that was sent twice is there twice. */
    public List<Mail> mails() {
        return List.copyOf(mails);
    }

    /**
     * From now on, the sender of every second mail gets no answer to the recipient, and the others get none to the
     * text, which has arrived.
     */
    public synchronized void hold() {
        isHeld = true;
    }

    /** Gives all answers that {@link #hold} has kept back. */
    public synchronized void release() {
        isHeld = false;
        notifyAll();
    }

    private synchronized void awaitRelease() throws InterruptedException {
        while (isHeld) {
            wait();
        }
    }

    private void accept() {
        boolean stopsAtRecipient = false;
        while (!listener.isClosed()) {
            try {
                Conversation conversation = new Conversation(listener.accept(), stopsAtRecipient);
                start(conversation::serve);
                stopsAtRecipient = !stopsAtRecipient;
            } catch (IOException e) {
                return; // the sink is closed
            }
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "mail-sink");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        release();
    }

    /** One connection. */
    private final class Conversation {
        private final Socket client;
        private final boolean stopsAtRecipient;
        private boolean isText;
        private String to = "";
        private String messageId = "";

        Conversation(Socket client, boolean stopsAtRecipient) {
            this.client = client;
            this.stopsAtRecipient = stopsAtRecipient;
        }

        void serve() {
            try (client;
                    BufferedReader lines = new BufferedReader(
                            new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII))) {
                OutputStream out = client.getOutputStream();
                answer(out, "220 sink");
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (!isText) {
                        answer(out, command(line));
                    } else if (line.equals(".")) {
                        answer(out, end());
                    } else if (line.startsWith(MESSAGE_ID)) {
                        messageId = line.substring(MESSAGE_ID.length());
                    }
                }
            } catch (IOException e) {
                return; // the client has closed the connection
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private String command(String line) throws InterruptedException {
            String command = line.toUpperCase(Locale.ROOT);
            if (command.startsWith(RECIPIENT)) {
                to = line.substring(line.indexOf('<') + 1, line.indexOf('>'));
                if (stopsAtRecipient) {
                    awaitRelease();
                }
            }
            isText = command.equals("DATA");
            return isText ? "354 go on" : command.equals("QUIT") ? "221 bye" : "250 ok";
        }

        private String end() throws InterruptedException {
            isText = false;
            mails.add(new Mail(to, messageId));
            awaitRelease();
            return "250 ok";
        }

        private void answer(OutputStream out, String line) throws IOException, InterruptedException {
            Thread.sleep(delayMillis);
            out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }
    }
}
