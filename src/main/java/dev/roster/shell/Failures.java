package dev.roster.shell;

import dev.roster.http.DatabaseFailures;
import dev.roster.ops.StartErrors;
import dev.roster.user.RefusedException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says in one line why a command at a shell could not do its work. */
public final class Failures {
    private Failures() {}

    /** Prints the one line, or the stack trace of what nobody foresaw. */
    public static void print(PrintWriter out, String command, Throwable error) {
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
        if (DatabaseFailures.isUnavailable(error)) {
            return "The database does not answer, or not in time.";
        }
        if (error instanceof IOException && !(error instanceof FileNotFoundException)) {
            return "stdin cannot be read, or stdout not be written: " + error.getMessage();
        }
        return StartErrors.reason(error);
    }
}
