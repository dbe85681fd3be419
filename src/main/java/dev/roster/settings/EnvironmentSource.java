package dev.roster.settings;

import io.dropwizard.configuration.ConfigurationSourceProvider;
import io.dropwizard.configuration.SubstitutingSourceProvider;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.UnaryOperator;
import org.apache.commons.text.StringSubstitutor;
import org.jspecify.annotations.Nullable;

/**
 * Replaces <code>${NAME}</code> and <code>${NAME:-default}</code> in the configuration file by environment variables.
 * An empty variable counts as unset. Values are escaped for double quotes, so that a password can contain any
 * character. A variable that is unset and has no default prevents the start.
 */
public final class EnvironmentSource implements ConfigurationSourceProvider {
    /** Java decodes unreadable bytes to this character, which would silently change a secret. */
    private static final char UNREADABLE = '\ufffd';

    private final ConfigurationSourceProvider files;
    private final ConfigurationSourceProvider substituted;

    /** @param environment returns the value of a variable, or null if it is not set */
    public EnvironmentSource(ConfigurationSourceProvider files, UnaryOperator<@Nullable String> environment) {
        StringSubstitutor substitutor = new StringSubstitutor(name -> {
            String value = environment.apply(name);
            return value == null || value.isEmpty() ? null : escape(name, value);
        });
        substitutor.setEnableUndefinedVariableException(true);
        substitutor.setDisableSubstitutionInValues(true);
        this.files = files;
        this.substituted = new SubstitutingSourceProvider(files, substitutor);
    }

    @Override
    public InputStream open(String path) throws IOException {
        return substituted.open(path);
    }

    /** Opens the file as it is. */
    InputStream openTemplate(String path) throws IOException {
        return files.open(path);
    }

    /** Escapes a value for YAML and JSON: everything except printable ASCII becomes an escape sequence. */
    private static String escape(String name, String value) {
        if (value.indexOf(UNREADABLE) >= 0) {
            throw new StartRefusedException(
                    name, "has characters that this process's locale cannot read: set LC_ALL=C.UTF-8, or use ASCII");
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
