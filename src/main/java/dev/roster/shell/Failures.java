package dev.roster.shell;

import dev.roster.database.DatabaseFailures;
import dev.roster.refusal.RefusedException;
import dev.roster.settings.StartErrors;
import dev.roster.shell.operation.FindingsException;
import dev.roster.shell.terminal.UntoldException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;

/** Explains in one line why a command at a shell failed. */
final class Failures {
    private static final String READ_ONLY = "25006";
    private static final String PERMISSION_DENIED = "42501";

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
        SQLException sql = sqlException(error);
        String state = sql == null ? "" : String.valueOf(sql.getSQLState());
        if (READ_ONLY.equals(state)) {
            return "DATABASE_URL: the database is read-only: is it a replica?";
        }
        if (DatabaseFailures.isUnavailable(error)) {
            return "The database does not answer, or not in time.";
        }
        if (error instanceof IOException && !(error instanceof FileNotFoundException)) {
            return "stdin cannot be read, or stdout cannot be written: " + error.getMessage();
        }
        String reason = StartErrors.reason(error);
        return reason == null && sql != null ? refusal(sql, state) : reason;
    }

    // Chosen by SQLSTATE, because the server's messages may contain values. The message about a missing right does not.
    private static String refusal(SQLException sql, String state) {
        return PERMISSION_DENIED.equals(state)
                        && sql instanceof PSQLException server
                        && server.getServerErrorMessage() != null
                ? "POSTGRES_USER: " + server.getServerErrorMessage().getMessage()
                : "The database refuses a statement: SQLSTATE " + state;
    }

    private static @Nullable SQLException sqlException(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return sql;
            }
        }
        return null;
    }
}
