package dev.roster.settings;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.configuration.YamlConfigurationFactory;
import jakarta.validation.Validator;

/**
 * Reads the configuration file and rejects unknown settings. The file is required, unlike in Dropwizard, because some
 * settings have no default.
 */
public final class RequiredConfigurationFile<T> extends YamlConfigurationFactory<T> {
    public RequiredConfigurationFile(Class<T> type, Validator validator, ObjectMapper json, String propertyPrefix) {
        super(type, validator, json.copy().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES), propertyPrefix);
    }

    @Override
    public T build() {
        throw new StartRefusedException("configuration file", "missing; add config.yml after the command");
    }
}
