package dev.roster.database;

import dev.roster.settings.StartRefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** Compares the change sets that the database has with those that this service needs. Thread-safe. */
public final class Schema {
    private final Jdbi jdbi;
    private final List<String> needed;

    public Schema(Jdbi jdbi) {
        this.jdbi = jdbi;
        this.needed = readChangeSetIds();
    }

    /**
     * Checks what no migration can mend.
     *
     * @throws StartRefusedException if the database has another encoding than UTF-8, the user may not use the schema,
     *     or Roster's tables are in a schema that the session does not look into
     */
    static void requireUsable(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        SELECT current_setting('server_encoding'),
                               current_schema() IS NULL,
                               (SELECT min(nspname)
                                  FROM pg_class
                                  JOIN pg_namespace ON pg_namespace.oid = relnamespace
                                 WHERE relname = 'spent_refresh_tokens'
                                   AND to_regclass('spent_refresh_tokens') IS NULL
                                   AND current_setting('search_path') = '"$user",public')
                        """)) {
            row.next();
            String encoding = row.getString(1);
            if (!"UTF8".equals(encoding)) {
                throw new StartRefusedException(
                        "database",
                        "its encoding is " + encoding + ", and Roster needs UTF8; create another with:"
                                + " CREATE DATABASE roster ENCODING 'UTF8' TEMPLATE template0");
            }
            if (row.getBoolean(2)) {
                throw new StartRefusedException(
                        "POSTGRES_USER",
                        "has no right on the schema public (GRANT USAGE, CREATE ON SCHEMA public), or DATABASE_URL"
                                + " names a currentSchema that does not exist");
            }
            String schema = row.getString(3);
            if (schema != null) {
                throw new StartRefusedException(
                        "DATABASE_URL",
                        "Roster's tables are in the schema " + schema + ": add the parameter currentSchema=" + schema
                                + " (or currentSchema=public to have others there)");
            }
        }
    }

    /** @throws StartRefusedException if change sets are missing */
    public void requireCurrent() {
        List<String> pending = pending();
        if (!pending.isEmpty()) {
            throw new StartRefusedException(
                    "database",
                    "its schema lacks " + String.join(", ", pending)
                            + "; mend it with: java -jar roster.jar db migrate config.yml");
        }
    }

    /** The ids of the change sets that the database lacks. */
    public List<String> pending() {
        try (Handle handle = jdbi.open()) {
            boolean migrated = handle.createQuery("SELECT to_regclass('databasechangelog') IS NOT NULL")
                    .mapTo(Boolean.class)
                    .one();
            List<String> pending = new ArrayList<>(needed);
            if (migrated) {
                pending.removeAll(handle.createQuery("SELECT id FROM databasechangelog")
                        .mapTo(String.class)
                        .list());
            }
            return pending;
        }
    }

    // Only the ids: starting Liquibase to read them would take longer than the rest of the start.
    private static List<String> readChangeSetIds() {
        try (InputStream xml = Schema.class.getResourceAsStream("/migrations.xml")) {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            NodeList changeSets = factory.newDocumentBuilder().parse(xml).getElementsByTagName("changeSet");
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < changeSets.getLength(); i++) {
                ids.add(((Element) changeSets.item(i)).getAttribute("id"));
            }
            return List.copyOf(ids);
        } catch (IOException | ParserConfigurationException | SAXException e) {
            throw new IllegalStateException("migrations.xml cannot be read", e);
        }
    }
}
