package dev.roster.shell;

import dev.roster.database.DatabaseFailures;
import dev.roster.refusal.RefusedException;
import dev.roster.settings.StartErrors;
import dev.roster.shell.operation.FindingsException;
import dev.roster.shell.terminal.UntoldException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Explains in one line why a command at a shell failed. */
final class Failures {
    private Failures() {}

    /** Prints one line, or the stack trace of an unexpected error. */
    static void print(PrintWriter out, String command, Throwable error) {
        if (error instanceof FindingsException) {
            return;
        }
        String reason = reason(error);
        if (reason == null) {
            error.printStackTrace(out);
        } else {
            out.println(command + ": " + reason);
        }
        out.flush();
    }

    private static @Nullable String reason(Throwable error) {
        if (error instanceof RefusedException refused) {
            return refused.invalidMembers().isEmpty()
                    ? refused.detail()
                    : refused.invalidMembers().stream()
                            .map(member -> member.field() + " " + member.message())
                            .collect(Collectors.joining("; "));
        }
        if (error instanceof UntoldException) {
            return error.getMessage();
        }
        if (error instanceof IOException && !(error instanceof FileNotFoundException)) {
            return "stdin cannot be read, or stdout cannot be written: " + error.getMessage();
        }
        String reason = StartErrors.reason(error);
        return reason == null ? databaseReason(error) : reason;
    }

    private static @Nullable String databaseReason(Throwable error) {
        String reason = DatabaseFailures.refusal(error);
        String state = DatabaseFailures.state(error);
        return reason == null && state != null ? "The database refuses a statement: SQLSTATE " + state : reason;
    }
}
