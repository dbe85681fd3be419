package dev.roster.settings;

import io.dropwizard.configuration.ConfigurationException;
import java.io.FileNotFoundException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Prints in one line why a command does not start, if the operator can fix it. */
public final class StartErrors {
    /** The parser appends the faulty line, which may contain a secret, and class names: both are cut off. */
    private static final Pattern DETAILS = Pattern.compile(
            "((?:Malformed YAML at line: \\d+, column: \\d+)|(?:Failed to parse configuration at: [^;]+)).*",
            Pattern.DOTALL);

    private static final Pattern UNSET = Pattern.compile("variable '(?<name>\\w+)'");

    /** What a variable without a default needs. */
    private static final Map<String, String> NEEDS = Map.of(
            "JWT_SECRET_KEY", "at least 32 random bytes; generate them: openssl rand -base64 48",
            "DATABASE_URL", "the URL of the database, such as jdbc:postgresql://localhost:5432/roster",
            "POSTGRES_USER", "a user of the database, such as roster",
            "POSTGRES_PASSWORD", "the password of POSTGRES_USER");

    private StartErrors() {}

    /**
     * Prints one line, or the stack trace of an unexpected error.
     *
     * @param more explains further errors in one line; null for those that it does not know
     */
    public static void print(PrintWriter out, Throwable error, Function<Throwable, @Nullable String> more) {
        String reason = reason(error);
        if (reason == null) {
            reason = more.apply(error);
        }
        if (reason == null) {
            error.printStackTrace(out);
        } else {
            out.println("Roster does not start: " + reason);
        }
        out.flush();
    }

    /** Returns the reason in one line, or null for an unexpected error. */
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
                        + reason.getMessage() + "; set a free port, such as 8090, and an address of this machine,"
                        + " such as 0.0.0.0";
            }
            if (cause instanceof IllegalArgumentException
                    && String.valueOf(cause.getMessage()).contains("Cannot resolve variable")) {
                return unset(String.valueOf(cause.getMessage()));
            }
        }
        return null;
    }

    private static String unset(String message) {
        Matcher variable = UNSET.matcher(message);
        if (!variable.find()) {
            return message;
        }
        String name = variable.group("name");
        String need = NEEDS.get(name);
        return name + " is not set" + (need == null ? "" : ": it needs " + need) + " (see .env.example)";
    }
}
