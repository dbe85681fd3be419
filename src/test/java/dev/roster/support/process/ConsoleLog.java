package dev.roster.support.process;

import dev.roster.support.Poll;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/** What this JVM writes to stdout, a service's log among it, until it is closed. */
public final class ConsoleLog implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final PrintStream console = System.out;
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();

    public ConsoleLog() {
        System.setOut(new PrintStream(log, true, StandardCharsets.UTF_8));
    }

    /** What there is by now. */
    public List<String> lines() {
        String text = log.toString(StandardCharsets.UTF_8);
        return text.isEmpty() ? List.of() : List.of(text.split("\n"));
    }

    /** What there is once so many lines are such. */
    public List<String> linesUntil(int count, Predicate<String> such) {
        Poll.until("it is logged", PATIENCE, () -> lines().stream().filter(such).count() >= count);
        return lines();
    }

    @Override
    public void close() {
        System.setOut(console);
    }
}
