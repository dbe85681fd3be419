package dev.roster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.database.ShellConnector;
import dev.roster.host.Host;
import dev.roster.host.PersonalData;
import dev.roster.operator.Operators;
import dev.roster.support.RosterExtension;
import io.dropwizard.core.setup.Environment;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Together, the rooms account for every column of the database. */
class PersonalDataIT {
    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension();

    private final Host host = host();
    private final List<PersonalData> data = host.personalData();

    @Test
    void everyColumnIsExportedOrLeftOutWithAReason() {
        Set<String> known = new TreeSet<>(host.notPersonal());
        for (PersonalData each : data) {
            known.addAll(each.leftOut().keySet());
            for (String column : exported(each)) {
                each.tables().forEach(table -> known.add(table + "." + column));
            }
        }

        Set<String> unknown = columns();
        assertThat(unknown).isNotEmpty();
        unknown.removeIf(column -> known.contains(column) || known.contains(table(column)));
        assertThat(unknown).isEmpty();
    }

    @Test
    void everyColumnThatIsLeftOutExists() {
        Set<String> existing = columns();
        columns().forEach(column -> existing.add(table(column)));

        assertThat(data).isNotEmpty().allSatisfy(each -> assertThat(existing)
                .containsAll(each.leftOut().keySet()));
    }

    private static Host host() {
        RosterConfiguration configuration = ROSTER.support().getConfiguration();
        Host host = new Host(new Environment("rooms"), Clock.systemUTC(), new SecureRandom());
        Operators unused = RosterApplication.wire(configuration, host, new ShellConnector(configuration.database()));
        return host;
    }

    private static List<String> exported(PersonalData data) {
        return ROSTER.jdbi().withHandle(handle -> data.query(handle, UUID.randomUUID())
                .scanResultSet((rows, context) -> labels(rows.get())));
    }

    private static List<String> labels(ResultSet rows) throws SQLException {
        ResultSetMetaData columns = rows.getMetaData();
        List<String> labels = new ArrayList<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            labels.add(columns.getColumnLabel(i));
        }
        return labels;
    }

    private static Set<String> columns() {
        List<String> columns = ROSTER.jdbi()
                .withHandle(
                        handle -> handle.createQuery("""
                        SELECT table_name || '.' || column_name
                          FROM information_schema.columns
                         WHERE table_schema = 'public'
                           AND table_name !~ '^(audit_events_|databasechangelog)'
                        """).mapTo(String.class).list());
        return new TreeSet<>(columns);
    }

    private static String table(String column) {
        return column.substring(0, column.indexOf('.'));
    }
}
