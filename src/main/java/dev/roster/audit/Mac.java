package dev.roster.audit;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The message authentication code of an event or a seal, in hexadecimal. */
record Mac(String hex) {
    private static final HexFormat HEX = HexFormat.of();

    static Mac of(byte[] bytes) {
        return new Mac(HEX.formatHex(bytes));
    }

    /** Reads a column of the current row that is never null. */
    static Mac read(ResultSet row, String column) throws SQLException {
        return of(row.getBytes(column));
    }

    /** Reads a column of the current row; null if the column is null. */
    static @Nullable Mac readNullable(ResultSet row, String column) throws SQLException {
        byte[] bytes = row.getBytes(column);
        return bytes == null ? null : of(bytes);
    }

    static byte @Nullable [] bytes(@Nullable Mac mac) {
        return mac == null ? null : HEX.parseHex(mac.hex());
    }

    @Override
    public String toString() {
        return hex;
    }
}
