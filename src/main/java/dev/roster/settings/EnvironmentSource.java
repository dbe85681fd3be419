package dev.roster.settings;

import io.dropwizard.configuration.ConfigurationSourceProvider;
import io.dropwizard.configuration.SubstitutingSourceProvider;
import java.util.function.UnaryOperator;
import org.apache.commons.text.StringSubstitutor;
import org.jspecify.annotations.Nullable;

/**
 * Puts environment variables in the place of <code>${NAME}</code> and <code>${NAME:-default}</code> in the configuration
 * file. A value is escaped for the double quotes that it stands in, so that a password may hold anything; a variable
 * that is not set and has no default stops the start.
 */
public final class EnvironmentSource {
    /** What Java puts in the place of bytes that it cannot decode: a secret would silently be another. */
    private static final char UNREADABLE = '\ufffd';

    private EnvironmentSource() {}

    /** @param environment the value of a variable, null where it is not set */
    public static ConfigurationSourceProvider over(
            ConfigurationSourceProvider files, UnaryOperator<@Nullable String> environment) {
        StringSubstitutor substitutor = new StringSubstitutor(name -> {
            String value = environment.apply(name);
            return value == null || value.isEmpty() ? null : escape(name, value);
        });
        substitutor.setEnableUndefinedVariableException(true);
        substitutor.setDisableSubstitutionInValues(true);
        return new SubstitutingSourceProvider(files, substitutor);
    }

    /** As YAML and JSON both read it: plain ASCII, the rest by its code. */
    private static String escape(String name, String value) {
        if (value.indexOf(UNREADABLE) >= 0) {
            throw new StartRefusedException(
                    name, "has characters that this process's locale cannot read: set LC_ALL=C.UTF-8, or write ASCII");
        }
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                escaped.append('\\').append(c);
            } else if (c >= ' ' && c <= '~') {
                escaped.append(c);
            } else {
                escaped.append(String.format("\\u%04x", (int) c));
            }
        }
        return escaped.toString();
    }
}
