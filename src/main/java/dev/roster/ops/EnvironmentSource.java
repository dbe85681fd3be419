package dev.roster.ops;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
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
    private EnvironmentSource() {}

    /** @param environment the value of a variable, null where it is not set */
    public static ConfigurationSourceProvider over(
            ConfigurationSourceProvider files, UnaryOperator<@Nullable String> environment) {
        StringSubstitutor substitutor = new StringSubstitutor(name -> {
            String value = environment.apply(name);
            return value == null || value.isEmpty()
                    ? null
                    : new String(JsonStringEncoder.getInstance().quoteAsString(value));
        });
        substitutor.setEnableUndefinedVariableException(true);
        substitutor.setDisableSubstitutionInValues(true);
        return new SubstitutingSourceProvider(files, substitutor);
    }
}
