package dev.roster.settings;

import io.dropwizard.configuration.ConfigurationException;
import java.io.FileNotFoundException;
import java.io.PrintWriter;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Says in one line why a command does not start, where the reason is the operator's to mend. */
public final class StartErrors {
    /** Behind the place of a mistake: the line it stands in, which may hold a secret, and the names of classes. */
    private static final Pattern DETAILS = Pattern.compile(
            "((?:Malformed YAML at line: \\d+, column: \\d+)|(?:Failed to parse configuration at: [^;]+)).*",
            Pattern.DOTALL);

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

    /** The one line without what cannot be done; null where nobody foresaw it. */
    public static @Nullable String reason(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof StartRefusedException) {
                return cause.getMessage();
            }
            if (cause instanceof ConfigurationException) {
                return DETAILS.matcher(String.valueOf(cause.getMessage()))
                        .replaceFirst("$1")
                        .strip()
                        .replaceAll("\\s+", " ");
            }
            if (cause instanceof FileNotFoundException) {
                return String.valueOf(cause.getMessage());
            }
            Throwable reason = cause.getCause();
            if (reason != null && String.valueOf(cause.getMessage()).startsWith("Failed to bind to")) {
                return "API_PORT or ADMIN_PORT, API_HOST or ADMIN_HOST: " + cause.getMessage() + ": "
                        + reason.getMessage();
            }
            if (cause instanceof IllegalArgumentException
                    && String.valueOf(cause.getMessage()).contains("Cannot resolve variable")) {
                return String.valueOf(cause.getMessage())
                        .replaceAll(".*variable '([A-Z0-9_]+)'.*", "$1 is not set (see .env.example)");
            }
        }
        return null;
    }
}
