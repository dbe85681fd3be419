package dev.roster.profile;

import jakarta.validation.constraints.NotNull;
import java.util.List;

/**
 * The {@code profiles} section.
 *
 * @param schema the path of a file with the JSON Schema that profiles must satisfy; empty if any may be stored
 */
public record ProfileConfiguration(@NotNull String schema) {

    /** @throws dev.roster.settings.StartRefusedException if the schema marks a member that cannot be a filter */
    public FilterIndexes indexes() {
        return new FilterIndexes(
                schema.isEmpty() ? List.of() : SchemaFile.read(schema).filters());
    }
}
