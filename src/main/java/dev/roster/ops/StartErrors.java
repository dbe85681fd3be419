package dev.roster.ops;

import io.dropwizard.configuration.ConfigurationException;
import java.io.PrintWriter;
import java.net.BindException;
import org.jspecify.annotations.Nullable;

/** Says in one line why a command does not start, where the reason is the operator's to mend. */
public final class StartErrors {
    /** Where Jackson goes on to name its classes. */
    private static final String JACKSON_DETAILS = " \\((?:for POJO property|through reference chain).*| at \\[Source.*";

    private StartErrors() {}

    /** Prints the one line, or the stack trace of what nobody foresaw. */
    public static void print(PrintWriter out, Throwable error) {
        String reason = reason(error);
        if (reason == null) {
            error.printStackTrace(out);
        } else {
            out.println("Roster does not start: " + reason);
        }
        out.flush();
    }

    private static @Nullable String reason(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof StartRefusedException) {
                return cause.getMessage();
            }
            if (cause instanceof ConfigurationException) {
                return String.valueOf(cause.getMessage())
                        .replaceAll(JACKSON_DETAILS, "")
                        .strip()
                        .replaceAll("\\s+", " ");
            }
            if (cause instanceof BindException) {
                return String.valueOf(error.getMessage()) + ": the port is in use (server.*Connectors.port: API_PORT,"
                        + " ADMIN_PORT)";
            }
            if (cause instanceof IllegalArgumentException
                    && String.valueOf(cause.getMessage()).contains("Cannot resolve variable")) {
                return String.valueOf(cause.getMessage())
                        .replaceAll(".*variable '([A-Z_]+)'.*", "$1 is not set (see .env.example)");
            }
        }
        return null;
    }
}
