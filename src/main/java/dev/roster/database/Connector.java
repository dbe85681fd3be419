package dev.roster.database;

import dev.roster.database.primary.PrimaryWatch;
import io.dropwizard.db.DataSourceFactory;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementExceptions;

/** Makes a {@link Jdbi} for one purpose. */
public interface Connector {
    /**
     * Connects nothing yet.
     *
     * @param name the purpose, as metrics show it
     * @param pool the connections that requests use for it
     * @param maxWaiting the most requests that wait for one of them at once
     * @param primary tells where the primary is
     */
    Jdbi toPrimary(String name, DataSourceFactory pool, int maxWaiting, PrimaryWatch primary);

    /** Like {@link #toPrimary}, but to the address of the pool. */
    Jdbi toReplica(String name, DataSourceFactory pool, int maxWaiting);

    /** Keeps a statement's arguments, such as a password's hash, out of the messages of exceptions. */
    static Jdbi withoutArguments(Jdbi jdbi) {
        return jdbi.configure(
                StatementExceptions.class,
                exceptions -> exceptions.setMessageRendering(StatementExceptions.MessageRendering.NONE));
    }
}
