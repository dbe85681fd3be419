package dev.roster.profile;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.NonValidationKeyword;
import dev.roster.settings.StartRefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Reads the file with the schema of profiles. A schema that is wrong, or needs another file, stops the start. */
final class SchemaFile {
    static final String SETTING = "PROFILE_SCHEMA";

    private static final String DRAFT = "https://json-schema.org/draft/2020-12/schema";
    private static final int MAX_BYTES = 256 * 1024;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private static final Dialect DIALECT = Dialect.builder(Dialects.getDraft202012())
            .unknownKeywordFactory((keyword, context) -> new NonValidationKeyword(keyword))
            .build();

    private final JsonNode root;

    private SchemaFile(JsonNode root) {
        this.root = root;
    }

    /** @throws StartRefusedException if the file has no usable schema */
    static SchemaFile read(String path) {
        byte[] content;
        try (InputStream in = Files.newInputStream(Path.of(path))) {
            content = in.readNBytes(MAX_BYTES + 1);
        } catch (IOException | InvalidPathException e) {
            throw refused("names no file that can be read");
        }
        if (content.length > MAX_BYTES) {
            throw refused("names a file of more than " + MAX_BYTES + " bytes");
        }
        return of(content);
    }

    static SchemaFile of(byte[] content) {
        try {
            return new SchemaFile(JSON.readTree(content));
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            throw refused("its file is not well-formed JSON"
                    + (at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")"));
        } catch (IOException e) {
            throw new UncheckedIOException(e); // reading from memory does not fail
        }
    }

    /** The members that lists can be filtered by. */
    List<ProfileFilter> filters() {
        return ProfileFilter.markedIn(root);
    }

    /** @throws StartRefusedException if the schema is wrong */
    ProfileSchema schema() {
        if (!root.isObject()) {
            throw refused("its file must have a JSON object");
        }
        if (!root.path("$schema").asText(DRAFT).equals(DRAFT)) {
            throw refused("its $schema must be " + DRAFT);
        }
        new SchemaReferences(root).check();
        List<Error> errors = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(SchemaLocation.of(DRAFT))
                .validate(root);
        if (!errors.isEmpty()) {
            Error first = errors.get(0);
            throw refused("its file is not a JSON Schema of the draft 2020-12: " + first.getInstanceLocation() + " "
                    + first.getMessage());
        }
        try {
            Schema schema = registry().getSchema(root);
            schema.initializeValidators();
            return new ProfileSchema(schema);
        } catch (SchemaException e) {
            throw refused("its file is not a usable JSON Schema: "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
    }

    private static SchemaRegistry registry() {
        return SchemaRegistry.withDialect(
                DIALECT, registry -> registry.schemaLoader(loader -> loader.block(iri -> true))
                        .schemaRegistryConfig(SchemaRegistryConfig.builder()
                                .locale(Locale.ENGLISH)
                                .formatAssertionsEnabled(false)
                                .regularExpressionFactory(LinearPattern::of)
                                .build()));
    }

    static StartRefusedException refused(String reason) {
        return new StartRefusedException(SETTING, reason);
    }
}
