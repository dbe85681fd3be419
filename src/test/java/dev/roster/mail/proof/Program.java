package dev.roster.mail.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Runs programs of Debian's packages. */
final class Program {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String PACKAGES = "postfix sasl2-bin libsasl2-modules python3 python3-aiosmtpd openssl";

    private Program() {}

    /**
     * The path of a program. Debian has some outside the PATH of ordinary users.
     *
     * @throws IllegalStateException if it is not installed
     */
    static String find(String name) {
        for (String folder : Splitter.on(':').split("/usr/bin:/usr/sbin:" + System.getenv("PATH"))) {
            if (Files.isExecutable(Path.of(folder, name))) {
                return Path.of(folder, name).toString();
            }
        }
        throw missing(name);
    }

    static IllegalStateException missing(String name) {
        return new IllegalStateException(
                "This machine has no " + name + ". On Debian, run: apt-get install " + PACKAGES);
    }

    /** Runs a command, which has to succeed, and returns its output. */
    static String run(String... command) {
        return run(new ProcessBuilder(command));
    }

    /** Runs a command, which has to succeed, and returns its output. Daemons that it starts may keep stdout open. */
    static String run(ProcessBuilder builder) {
        try {
            Path output = Files.createTempFile("program", ".out");
            Process process = builder.redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            boolean hasEnded = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            String text = Files.readString(output);
            Files.delete(output);
            assertThat(hasEnded && process.exitValue() == 0)
                    .as("%s: %s", String.join(" ", builder.command()), text)
                    .isTrue();
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
