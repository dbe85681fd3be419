package dev.roster.audit;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which events of a month were written since the last seal.
 *
 * @param number 1, 2, 3 and on, without gaps
 * @param month the first day of their month, UTC
 * @param eventMacs the codes of the events, in the order of their ids here
 * @param latestMonth of all seals before; null for the first
 * @param previousMac the code of the seal before; null for the first
 */
record Seal(
        long number,
        LocalDate month,
        List<UUID> eventIds,
        List<Code> eventMacs,
        @Nullable LocalDate latestMonth,
        @Nullable Code previousMac,
        Instant sealedAt) {

    /** Reads the current row. */
    static Seal read(ResultSet row) throws SQLException {
        return new Seal(
                row.getLong("number"),
                row.getObject("month", LocalDate.class),
                List.of((UUID[]) row.getArray("event_ids").getArray()),
                Arrays.stream((byte[][]) row.getArray("event_macs").getArray())
                        .map(Code::of)
                        .toList(),
                row.getObject("latest_month", LocalDate.class),
                Code.readNullable(row, "previous_mac"),
                row.getObject("sealed_at", OffsetDateTime.class).toInstant());
    }

    Seal numbered(long otherNumber) {
        return new Seal(otherNumber, month, eventIds, eventMacs, latestMonth, previousMac, sealedAt);
    }
}
