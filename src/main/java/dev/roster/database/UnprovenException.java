package dev.roster.database;

import java.sql.SQLException;

/** A server has not proven that it is the primary: no standby has confirmed its commit in time. */
public final class UnprovenException extends SQLException {
    private static final long serialVersionUID = 1L;
    private static final String QUERY_CANCELED = "57014";

    UnprovenException(Throwable cause) {
        super("no standby has confirmed a commit in time", QUERY_CANCELED, cause);
    }
}
