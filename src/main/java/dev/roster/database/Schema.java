package dev.roster.database;

import dev.roster.settings.StartRefusedException;
import java.io.IOException;
import java.io.InputStream;
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
