package dev.roster.database.primary;

import java.sql.SQLTransientConnectionException;

/** No server may be used as the primary now. The SQLSTATE is that of a server which cannot be connected to now. */
public final class NoPrimaryException extends SQLTransientConnectionException {
    private static final long serialVersionUID = 1L;
    private static final String CANNOT_CONNECT_NOW = "57P03";

    /** @param reason without values of settings */
    NoPrimaryException(String reason) {
        super(reason, CANNOT_CONNECT_NOW);
    }
}
