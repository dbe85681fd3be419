package dev.roster.database;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import liquibase.change.custom.CustomSqlChange;
import liquibase.database.Database;
import liquibase.database.jvm.JdbcConnection;
import liquibase.exception.CustomChangeException;
import liquibase.exception.DatabaseException;
import liquibase.exception.ValidationErrors;
import liquibase.resource.ResourceAccessor;
import liquibase.statement.SqlStatement;
import liquibase.statement.core.RawParameterizedSqlStatement;
import org.jspecify.annotations.Nullable;

/**
 * A change of {@code migrations.xml}: creates an index of a partitioned table while nodes write. PostgreSQL can create
 * such an index without blocking writers only partition by partition, each outside a transaction. The change can be
 * repeated; then it goes on with the partitions that lack the index. It fails if a node has created a partition after
 * the change listed them and before the index of the table existed; from then on each new partition has the index.
 */
public final class PartitionedIndexChange implements CustomSqlChange {
    private static final String WITHOUT_INDEX = """
            SELECT child.relname
              FROM pg_inherits
              JOIN pg_class AS child ON child.oid = inhrelid
             WHERE inhparent = to_regclass(?)
               AND NOT EXISTS (
                       SELECT
                         FROM pg_inherits AS attached
                         JOIN pg_index ON indexrelid = attached.inhrelid
                        WHERE attached.inhparent = to_regclass(?) AND indrelid = child.oid)
             ORDER BY child.relname
            """;

    private static final String CHECK_VALID = """
            DO $$
            BEGIN
                IF EXISTS (SELECT FROM pg_index WHERE indexrelid = '%1$s'::regclass AND NOT indisvalid) THEN
                    RAISE EXCEPTION 'A partition was created meanwhile and lacks the index %1$s: migrate again'
                        USING ERRCODE = 'object_not_in_prerequisite_state';
                END IF;
            END
            $$""";

    private String table = "";
    private String suffix = "";
    private String definition = "";

    public void setTable(String table) {
        this.table = table;
    }

    /** The part of the index's name after the table's name. */
    public void setSuffix(String suffix) {
        this.suffix = suffix;
    }

    /** The part of {@code CREATE INDEX} after the table's name. */
    public void setDefinition(String definition) {
        this.definition = definition;
    }

    @Override
    public SqlStatement[] generateStatements(Database database) throws CustomChangeException {
        String index = table + suffix;
        List<String> statements = new ArrayList<>();
        statements.add("SET lock_timeout = '500ms'"); // writers queue behind the next statement
        statements.add("CREATE INDEX IF NOT EXISTS " + index + " ON ONLY " + table + " " + definition);
        // The next statements wait for transactions that run, and nobody queues behind them.
        statements.add("SET lock_timeout = '1min'");
        for (String partition : withoutIndex(database, index)) {
            String part = partition + suffix;
            statements.add("DROP INDEX CONCURRENTLY IF EXISTS " + part); // of an earlier run that failed
            statements.add("CREATE INDEX CONCURRENTLY " + part + " ON " + partition + " " + definition);
            statements.add("ALTER INDEX " + index + " ATTACH PARTITION " + part);
        }
        statements.add("RESET lock_timeout");
        statements.add(CHECK_VALID.formatted(index));
        return statements.stream().map(RawParameterizedSqlStatement::new).toArray(SqlStatement[]::new);
    }

    private List<String> withoutIndex(Database database, String index) throws CustomChangeException {
        if (!(database.getConnection() instanceof JdbcConnection connection)) {
            return List.of();
        }
        try (PreparedStatement query = connection.prepareStatement(WITHOUT_INDEX)) {
            query.setString(1, table);
            query.setString(2, index);
            List<String> partitions = new ArrayList<>();
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    partitions.add(rows.getString(1));
                }
            }
            return partitions;
        } catch (SQLException | DatabaseException e) {
            throw new CustomChangeException("Reading the partitions of " + table + " failed", e);
        }
    }

    @Override
    public String getConfirmationMessage() {
        return "Index " + table + suffix + " created";
    }

    @Override
    public void setUp() {}

    @Override
    public void setFileOpener(@Nullable ResourceAccessor resourceAccessor) {}

    @Override
    public ValidationErrors validate(@Nullable Database database) {
        return new ValidationErrors();
    }
}
