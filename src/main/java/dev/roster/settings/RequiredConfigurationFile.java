package dev.roster.settings;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.configuration.ConfigurationSourceProvider;
import io.dropwizard.configuration.YamlConfigurationFactory;
import jakarta.validation.Validator;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads the configuration file and rejects unknown settings. The file is required, unlike in Dropwizard, because some
 * settings have no default.
 */
public final class RequiredConfigurationFile<T> extends YamlConfigurationFactory<T> {
    private final Validator validator;

    public RequiredConfigurationFile(Class<T> type, Validator validator, ObjectMapper json, String propertyPrefix) {
        super(type, validator, json.copy().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES), propertyPrefix);
        this.validator = validator;
    }

    /** @throws StartRefusedException if an environment variable has a wrong value */
    @Override
    public T build(ConfigurationSourceProvider provider, String path) throws IOException, ConfigurationException {
        try {
            return super.build(provider, path);
        } catch (ConfigurationException e) {
            if (provider instanceof EnvironmentSource source) {
                String reason = new RefusedSettings(new Variables(template(source, path)), validator).explain(e);
                if (reason != null) {
                    throw new StartRefusedException(reason);
                }
            }
            throw e;
        }
    }

    /** The file before any variable is replaced; empty if that is not YAML. */
    private JsonNode template(EnvironmentSource source, String path) throws IOException {
        try (InputStream file = source.openTemplate(path)) {
            JsonNode template = mapper.readTree(createParser(file));
            return template == null ? MissingNode.getInstance() : template;
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    @Override
    public T build() {
        throw new StartRefusedException("configuration file", "missing; add config.yml after the command");
    }
}
