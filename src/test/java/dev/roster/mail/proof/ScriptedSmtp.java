package dev.roster.mail.proof;

import dev.roster.support.Poll;
import dev.roster.support.process.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Runs {@code scripted_smtp.py}, a server made with aiosmtpd. */
final class ScriptedSmtp implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path folder;
    private final int port = Ports.free();
    private final ServerCertificate certificate;
    private final Process process;

    /** @param folder an empty folder */
    ScriptedSmtp(Path folder) throws IOException {
        this.folder = folder;
        this.certificate = ServerCertificate.make(folder);
        Path log = folder.resolve("log");
        this.process = new ProcessBuilder(
                        Program.find("python3"),
                        "src/test/resources/mail/scripted_smtp.py",
                        Integer.toString(port),
                        certificate.certificate().toString(),
                        certificate.key().toString(),
                        folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        Poll.until("the server listens", PATIENCE, () -> isListening() || !process.isAlive());
        if (!process.isAlive()) {
            String message = Files.readString(log);
            throw message.contains("No module named 'aiosmtpd'")
                    ? Program.missing("module aiosmtpd for " + Program.find("python3"))
                    : new IllegalStateException(message);
        }
    }

    private boolean isListening() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false; // not yet
        }
    }

    ServerCertificate certificate() {
        return certificate;
    }

    int port() {
        return port;
    }

    /** The mails that the server accepted, each in a file of its own. */
    Path mails() {
        return folder.resolve("mails");
    }

    /** The commands so far, a line each. */
    String commands() {
        try {
            return Files.exists(folder.resolve("commands")) ? Files.readString(folder.resolve("commands")) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file that changes what the server does while it exists. */
    Path trigger(String name) {
        return folder.resolve(name);
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
