package dev.roster.failover;

import dev.roster.support.Poll;
import dev.roster.support.process.Signals;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One server process, started again with the same command. Its descendants are separate unless a method says so. */
final class Daemon {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int SHOWN = 4_000;

    private final List<String> command;
    private final Path folder;
    private final Path log;
    private @Nullable Process process;

    /** @param log gets what the process writes, and lies in the folder in which it runs */
    Daemon(List<String> command, Path folder, String log) {
        this.command = command;
        this.folder = folder;
        this.log = folder.resolve(log);
    }

    synchronized void start() {
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().put("LC_ALL", "C.UTF-8");
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    synchronized boolean isRunning() {
        return process != null && process.isAlive();
    }

    /** @param name without SIG, as in kill(1) */
    void signal(String name) {
        Signals.send(name, handle());
    }

    /** Sends SIGTERM and waits until the process has ended. */
    void terminate() {
        signal("TERM");
        awaitEnd();
    }

    /** Kills the process with {@code kill -9}, also when it is suspended. */
    void kill() {
        signal("KILL");
        awaitEnd();
    }

    private void awaitEnd() {
        Poll.until("ended: " + this, PATIENCE, () -> !isRunning());
    }

    synchronized Stream<ProcessHandle> handle() {
        return isRunning() ? Stream.ofNullable(process).map(Process::toHandle) : Stream.of();
    }

    /** The command and the end of its output, for error messages. */
    @Override
    public String toString() {
        try {
            String text = Files.exists(log) ? Files.readString(log) : "";
            return command + "\n" + text.substring(Math.max(0, text.length() - SHOWN));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
