package dev.roster.audit;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** What only the holder of the key can make of an event or a seal, in hexadecimal digits. */
record Code(String digits) {
    private static final HexFormat HEX = HexFormat.of();

    static Code of(byte[] bytes) {
        return new Code(HEX.formatHex(bytes));
    }

    /** Reads a column of the current row that is never null. */
    static Code read(ResultSet row, String column) throws SQLException {
        return of(row.getBytes(column));
    }

    /** Reads a column of the current row. */
    static @Nullable Code readNullable(ResultSet row, String column) throws SQLException {
        byte[] bytes = row.getBytes(column);
        return bytes == null ? null : of(bytes);
    }

    static byte @Nullable [] bytes(@Nullable Code code) {
        return code == null ? null : HEX.parseHex(code.digits());
    }

    @Override
    public String toString() {
        return digits;
    }
}
