package dev.roster.database.primary;

import dev.roster.database.session.WriteAccess;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a look at a host has shown.
 *
 * @param claim null if the host did not answer
 * @param problem why the host cannot serve writes; null if it can
 * @param nanos when, as of {@link System#nanoTime}
 */
record Sight(@Nullable Claim claim, @Nullable String problem, long nanos) {
    /** The class of SQLSTATEs of broken connections. */
    private static final String CONNECTION = "08";

    private static final String SILENT = "it does not answer";

    /** Longer than a look and the pause before it. */
    private static final Duration RECENT = Duration.ofSeconds(2);

    /** A host that does not answer, or was not looked at yet. */
    static Sight none() {
        return new Sight(null, SILENT, System.nanoTime());
    }

    static Sight of(Connection connection) throws SQLException {
        return new Sight(Claim.of(connection), WriteAccess.refusal(connection), System.nanoTime());
    }

    /** A host that does not answer over a connection that was open. */
    static Sight failed(SQLException failure) {
        return String.valueOf(failure.getSQLState()).startsWith(CONNECTION) ? none() : refused(failure);
    }

    /** A host to which no connection can be opened. */
    static Sight refused(SQLException failure) {
        return new Sight(null, "it cannot be connected to (SQLSTATE " + failure.getSQLState() + ")", System.nanoTime());
    }

    /** The claim, if it is recent. */
    @Nullable
    Claim recentClaim() {
        return isRecent() ? claim : null;
    }

    /** The problem; a host that has not been looked at lately has one. */
    @Nullable
    String problemNow() {
        return problem != null || isRecent() ? problem : SILENT;
    }

    private boolean isRecent() {
        return System.nanoTime() - nanos < RECENT.toNanos();
    }
}
