package dev.roster.database;

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
     */
    Jdbi connect(String name, DataSourceFactory pool, int maxWaiting);

    /** Keeps a statement's arguments, such as a password's hash, out of the messages of exceptions. */
    static Jdbi withoutArguments(Jdbi jdbi) {
        return jdbi.configure(
                StatementExceptions.class,
                exceptions -> exceptions.setMessageRendering(StatementExceptions.MessageRendering.NONE));
    }
}
