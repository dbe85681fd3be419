package dev.roster.support.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Sends what Java cannot: any signal. */
public final class Signals {
    private Signals() {}

    /**
     * Sends it to each; one that has ended meanwhile is past it.
     *
     * @param signal without its SIG, as for kill(1)
     */
    public static void send(String signal, Stream<ProcessHandle> processes) {
        List<ProcessHandle> targets = processes.toList();
        if (targets.isEmpty()) {
            return;
        }
        String pids =
                targets.stream().map(target -> Long.toString(target.pid())).collect(Collectors.joining(" "));
        try {
            // The shell's own kill: the program is not on every machine.
            int unused = new ProcessBuilder("sh", "-c", "kill -" + signal + " " + pids)
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
