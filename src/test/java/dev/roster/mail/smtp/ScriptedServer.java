package dev.roster.mail.smtp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * An SMTP server on a free port of this machine. It accepts every mail. A test can change its answer to a command, by
 * the command's first word; {@code CONNECT} is the greeting, and {@code .} the end of a mail.
 */
final class ScriptedServer implements AutoCloseable {
    /** An answer that never comes. */
    static final String SILENCE = "";

    /** An answer that never ends, and of which a byte comes now and then. */
    static final String DRIP = "drip";

    private static final long DRIP_NANOS = Duration.ofMillis(50).toNanos();

    /** Instead of an answer, the connection is closed. */
    static final String CLOSED = "closed";

    private final ServerSocket listener;
    private final SSLContext tls;
    private final boolean beginsWithTls;
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final List<String> offers = new CopyOnWriteArrayList<>(List.of("STARTTLS"));
    private final List<String> commands = new CopyOnWriteArrayList<>();
    private final List<byte[]> mails = new CopyOnWriteArrayList<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    ScriptedServer(SSLContext tls, boolean beginsWithTls) throws IOException {
        this.tls = tls;
        this.beginsWithTls = beginsWithTls;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::accept, "scripted-smtp");
        thread.setDaemon(true);
        thread.start();
    }

    ScriptedServer answering(String command, String answer) {
        answers.put(command, answer);
        return this;
    }

    /** What the server offers in its answer to EHLO. */
    ScriptedServer offering(String... extensions) {
        offers.clear();
        offers.addAll(List.of(extensions));
        return this;
    }

    int port() {
        return listener.getLocalPort();
    }

    /** The mails that arrived completely, in their order. */
    List<byte[]> mails() {
        return mails;
    }

    /** The first words of all commands. */
    List<String> commands() {
        return commands;
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                open.add(socket);
                Thread thread = new Thread(() -> serve(socket), "scripted-smtp-connection");
                thread.setDaemon(true);
                thread.start();
            }
        } catch (IOException e) {
            // closed: the test has ended
        }
    }

    private void serve(Socket socket) {
        try (Socket plain = socket) {
            Socket current = beginsWithTls ? secure(plain) : plain;
            if (!say(current, answers.getOrDefault("CONNECT", "220 localhost"))) {
                return;
            }
            String line = readLine(current.getInputStream());
            while (line != null) {
                String command = line.split(" ", 2)[0].toUpperCase(Locale.ROOT);
                commands.add(command);
                if (!say(current, answers.getOrDefault(command, usual(command)))) {
                    return;
                }
                if (command.equals("STARTTLS") && !answers.containsKey(command)) {
                    current = secure(plain);
                }
                if (command.equals("DATA") && !answers.containsKey(command)) {
                    byte[] mail = readMail(current.getInputStream());
                    String end = answers.getOrDefault(".", "250 taken");
                    if (end.startsWith("250")) {
                        mails.add(mail);
                    }
                    if (!say(current, end)) {
                        return;
                    }
                }
                line = command.equals("QUIT") ? null : readLine(current.getInputStream());
            }
        } catch (IOException e) {
            // the client went away, which tests see at the client
        }
    }

    private String usual(String command) {
        return switch (command) {
            case "EHLO" -> ehlo();
            case "DATA" -> "354 go on";
            case "AUTH" -> "235 welcome";
            case "STARTTLS" -> "220 go on";
            case "QUIT" -> "221 bye";
            default -> "250 ok";
        };
    }

    private String ehlo() {
        List<String> lines = new ArrayList<>(List.of("localhost"));
        lines.addAll(offers);
        StringBuilder answer = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            answer.append(i == 0 ? "" : "\r\n")
                    .append(i < lines.size() - 1 ? "250-" : "250 ")
                    .append(lines.get(i));
        }
        return answer.toString();
    }

    /** Returns whether the conversation goes on. */
    private boolean say(Socket socket, String answer) throws IOException {
        while (answer.equals(DRIP)) {
            socket.getOutputStream().write('2');
            socket.getOutputStream().flush();
            LockSupport.parkNanos(DRIP_NANOS);
        }
        if (answer.equals(CLOSED)) {
            return false;
        }
        if (!answer.equals(SILENCE)) {
            socket.getOutputStream().write((answer + "\r\n").getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
        }
        return true;
    }

    private Socket secure(Socket plain) throws IOException {
        SSLSocket secured = (SSLSocket) tls.getSocketFactory().createSocket(plain, null, plain.getPort(), false);
        secured.setUseClientMode(false);
        secured.startHandshake();
        return secured;
    }

    /** Byte by byte, because TLS may begin after any line. */
    private static @Nullable String readLine(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next = in.read();
        while (next >= 0 && next != '\n') {
            line.write(next);
            next = in.read();
        }
        return next < 0 ? null : line.toString(StandardCharsets.UTF_8).strip();
    }

    private static byte[] readMail(InputStream in) throws IOException {
        ByteArrayOutputStream mail = new ByteArrayOutputStream();
        String end = "\r\n.\r\n";
        while (!endsWith(mail, end)) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("The mail has no end");
            }
            mail.write(next);
        }
        return mail.toByteArray();
    }

    private static boolean endsWith(ByteArrayOutputStream bytes, String end) {
        String text = bytes.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith(end);
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
