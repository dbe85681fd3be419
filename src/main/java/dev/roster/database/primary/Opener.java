package dev.roster.database.primary;

import java.sql.Connection;
import java.sql.SQLException;

/** Opens connections for the watch, with bounded waits. */
@FunctionalInterface
public interface Opener {
    /** @param address names one host */
    Connection open(String address) throws SQLException;
}
