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
 * Lists the events of one month that were recorded since the previous seal.
 *
 * @param number counts from 1, without gaps
 * @param month the first day of the month, UTC
 * @param eventMacs the MACs of the events, in the order of {@code eventIds}
 * @param latestMonth the latest month of all previous seals; null for the first seal
 * @param previousMac the MAC of the previous seal; null for the first seal
 */
record Seal(
        long number,
        LocalDate month,
        List<UUID> eventIds,
        List<Mac> eventMacs,
        @Nullable LocalDate latestMonth,
        @Nullable Mac previousMac,
        Instant sealedAt) {

    /** Reads the current row. */
    static Seal read(ResultSet row) throws SQLException {
        return new Seal(
                row.getLong("number"),
                row.getObject("month", LocalDate.class),
                List.of((UUID[]) row.getArray("event_ids").getArray()),
                Arrays.stream((byte[][]) row.getArray("event_macs").getArray())
                        .map(Mac::of)
                        .toList(),
                row.getObject("latest_month", LocalDate.class),
                Mac.readNullable(row, "previous_mac"),
                row.getObject("sealed_at", OffsetDateTime.class).toInstant());
    }
}
