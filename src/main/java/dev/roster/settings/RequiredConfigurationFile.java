package dev.roster.settings;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.configuration.YamlConfigurationFactory;
import jakarta.validation.Validator;

/**
 * Reads the configuration from its file, and takes nothing there that it does not know. Dropwizard would do without a
 * file; here are settings that have no default.
 */
public final class RequiredConfigurationFile<T> extends YamlConfigurationFactory<T> {
    public RequiredConfigurationFile(Class<T> type, Validator validator, ObjectMapper json, String propertyPrefix) {
        super(type, validator, json.copy().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES), propertyPrefix);
    }

    @Override
    public T build() {
        throw new StartRefusedException("configuration file", "none is named: put config.yml behind the command");
    }
}
