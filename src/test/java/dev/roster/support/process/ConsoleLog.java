package dev.roster.support.process;

import dev.roster.support.Poll;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/** Captures the stdout of this JVM, including the log of its services, until closed. */
public final class ConsoleLog implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final PrintStream console = System.out;
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();

    public ConsoleLog() {
        System.setOut(new PrintStream(log, true, StandardCharsets.UTF_8));
    }

    /** The lines so far. */
    public List<String> lines() {
        String text = log.toString(StandardCharsets.UTF_8);
        return text.isEmpty() ? List.of() : List.of(text.split("\n"));
    }

    /** Waits until this many lines match, then returns all lines so far. */
    public List<String> linesUntil(int count, Predicate<String> such) {
        Poll.until("it is logged", PATIENCE, () -> lines().stream().filter(such).count() >= count);
        return lines();
    }

    @Override
    public void close() {
        System.setOut(console);
    }
}
