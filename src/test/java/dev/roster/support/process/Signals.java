package dev.roster.support.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Sends signals that Java cannot send. */
public final class Signals {
    private static final List<String> RESET = List.of("env", "--default-signal=INT");
    private static final List<String> INTERRUPTIBLE = isInterrupted(RESET) ? RESET : List.of();

    private Signals() {}

    /**
     * A prefix for a command so that SIGINT ends it. A shell starts background jobs with SIGINT ignored, and their
     * descendants inherit that, including a test run and the processes of its tests. {@code env} of coreutils 8.31 and
     * later restores the default. Empty with another {@code env}.
     */
    static List<String> interruptible() {
        return INTERRUPTIBLE;
    }

    /** Whether SIGINT ends the processes that tests start. */
    public static boolean canInterrupt() {
        return !INTERRUPTIBLE.isEmpty() || isInterrupted(List.of());
    }

    /**
     * Sends a signal to each process that is still running.
     *
     * @param signal without SIG, as in kill(1)
     */
    public static void send(String signal, Stream<ProcessHandle> processes) {
        String pids = processes.map(target -> Long.toString(target.pid())).collect(Collectors.joining(" "));
        if (!pids.isEmpty()) {
            // The shell's own kill: not every machine has the program.
            int unused = exitCode(List.of("sh", "-c", "kill -" + signal + " " + pids));
        }
    }

    private static boolean isInterrupted(List<String> prefix) {
        List<String> suicide = List.of("sh", "-c", "kill -INT $$; exit 1");
        return exitCode(Stream.concat(prefix.stream(), suicide.stream()).toList()) == 128 + 2;
    }

    private static int exitCode(List<String> command) {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
