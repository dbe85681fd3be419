package dev.roster.operator.data;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.roster.user.JsonObject;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A row to print. Numbers, booleans, nulls and JSON objects keep their type, times have the API's format, and all other
 * values are PostgreSQL's text.
 *
 * @param columns by name, in the order of the query
 */
public record Row(Map<String, @Nullable Object> columns) {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSX").withZone(ZoneOffset.UTC);

    /** Reads the current row. */
    public static Row read(ResultSet row) throws SQLException {
        ResultSetMetaData data = row.getMetaData();
        Map<String, @Nullable Object> columns = new LinkedHashMap<>();
        for (int i = 1; i <= data.getColumnCount(); i++) {
            columns.put(data.getColumnLabel(i), value(row, i, data));
        }
        return new Row(Collections.unmodifiableMap(columns));
    }

    /** Writes it as an object. */
    public void write(JsonGenerator json) throws IOException {
        json.writeStartObject();
        for (Map.Entry<String, @Nullable Object> column : columns.entrySet()) {
            json.writeFieldName(column.getKey());
            if (column.getValue() instanceof JsonObject object) {
                json.writeRawValue(object.text());
            } else {
                json.writeObject(column.getValue());
            }
        }
        json.writeEndObject();
    }

    private static @Nullable Object value(ResultSet row, int column, ResultSetMetaData data) throws SQLException {
        return switch (data.getColumnType(column)) {
            case Types.INTEGER, Types.BIGINT, Types.BIT, Types.BOOLEAN -> row.getObject(column);
            case Types.TIMESTAMP, Types.TIMESTAMP_WITH_TIMEZONE ->
                time(row.getObject(column, OffsetDateTime.class), row.getString(column));
            default ->
                data.getColumnTypeName(column).equals("jsonb")
                        ? JsonObject.of(row.getString(column))
                        : row.getString(column);
        };
    }

    /** A row written by hand may expire at {@code infinity}, which Java cannot represent. */
    private static @Nullable String time(@Nullable OffsetDateTime time, @Nullable String asWritten) {
        return time == null || time.equals(OffsetDateTime.MAX) || time.equals(OffsetDateTime.MIN)
                ? asWritten
                : TIME.format(time);
    }
}
