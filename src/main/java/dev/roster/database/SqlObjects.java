package dev.roster.database;

import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.extension.ExtensionFactory;
import org.jdbi.v3.core.extension.ExtensionMetadata;
import org.jdbi.v3.core.extension.Extensions;
import org.jdbi.v3.sqlobject.SqlObjectFactory;

/**
 * Reads the annotations of SQL objects once. Otherwise each handle reads them again, which takes longer than a query.
 */
final class SqlObjects {
    private SqlObjects() {}

    static void prepare(Jdbi jdbi, Class<?>... sqlObjects) {
        Extensions extensions = jdbi.getConfig(Extensions.class);
        ExtensionFactory factory =
                extensions.findFactory(SqlObjectFactory.class).orElseThrow();
        for (Class<?> sqlObject : sqlObjects) {
            ExtensionMetadata unused = extensions.findMetadata(sqlObject, factory);
        }
    }
}
