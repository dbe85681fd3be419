package dev.roster.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.database.TestDatabase;
import dev.roster.support.process.CommandLine;
import dev.roster.support.process.RosterProcess;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A node compares its pools with the connections that the role, the database and the server allow. */
class ConnectionLimitsIT {
    private static final TestDatabase DATABASE = TestDatabase.empty();
    private static final Map<String, String> VARIABLES =
            DATABASE.variables(Map.of("POSTGRES_USER", "bounded", "POSTGRES_PASSWORD", "bounded"));
    private static final String ADVICE = "Beyond it, requests get 503: lower DATABASE_COMMAND_CONNECTIONS,"
            + " DATABASE_QUERY_CONNECTIONS and DATABASE_LIST_CONNECTIONS, or raise the limit";

    static {
        DATABASE.jdbi().useHandle(handle -> {
            handle.execute("CREATE ROLE bounded LOGIN PASSWORD 'bounded'");
            handle.execute("GRANT CREATE ON SCHEMA public TO bounded");
            handle.execute("CREATE EXTENSION pg_trgm");
        });
        assertThat(CommandLine.run(VARIABLES, "db", "migrate", "config.yml").errors())
                .isEmpty();
    }

    @AfterAll
    static void dropRole() {
        DATABASE.jdbi().useHandle(handle -> {
            handle.execute("DROP OWNED BY bounded");
            handle.execute("DROP ROLE bounded");
        });
    }

    @AfterEach
    void noLimit() {
        limit("ROLE bounded", -1);
        limit("DATABASE " + name(), -1);
    }

    @Test
    void roleThatAllowsFewerConnectionsThanThePoolsIsLogged() {
        limit("ROLE bounded", 8);

        assertThat(warnings())
                .containsExactly("This node opens up to 31 connections, but the connection limit of the role"
                        + " POSTGRES_USER allows 8, and other sessions hold 0. " + ADVICE);
    }

    @Test
    void databaseThatAllowsFewerConnectionsThanThePoolsIsLogged() {
        limit("DATABASE " + name(), 30);

        assertThat(warnings())
                .containsExactly("This node opens up to 31 connections, but the connection limit of the database"
                        + " allows 30, and other sessions hold 0. " + ADVICE);
    }

    /** PostgreSQL shows this role little about the sessions of others. */
    @Test
    @SuppressWarnings("try") // the sessions only have to stay open
    void sessionsOfOtherRolesAreCounted() {
        limit("DATABASE " + name(), 33);

        try (Handle first = DATABASE.jdbi().open();
                Handle second = DATABASE.jdbi().open();
                Handle third = DATABASE.jdbi().open()) {
            assertThat(warnings())
                    .containsExactly("This node opens up to 31 connections, but the connection limit of the database"
                            + " allows 33, and other sessions hold 3. " + ADVICE);
        }
    }

    @Test
    void limitThatIsLargeEnoughIsNotLogged() {
        limit("ROLE bounded", 31);

        assertThat(warnings()).isEmpty();
    }

    @Test
    void limitWithWhichANodeCannotServeStopsTheStart() {
        limit("ROLE bounded", 5);

        try (RosterProcess roster = RosterProcess.start(VARIABLES, "server", "config.yml")) {
            assertThat(roster.exitCode()).isNotZero();
            assertThat(roster.errors())
                    .isEqualTo("Roster does not start: database: the connection limit of the role POSTGRES_USER allows"
                            + " 5 connections, and a node needs at least 6\n");
        }
    }

    private static List<String> warnings() {
        try (RosterProcess roster = RosterProcess.serve(VARIABLES)) {
            roster.api().newUser();
            return roster.output()
                    .lines()
                    .filter(line -> line.contains(" WARN "))
                    .map(line -> line.replaceFirst(".*\\] ", ""))
                    .toList();
        }
    }

    private static void limit(String target, int connections) {
        DATABASE.jdbi().useHandle(handle -> handle.execute("ALTER " + target + " CONNECTION LIMIT " + connections));
    }

    private static String name() {
        return DATABASE.url().replaceAll(".*/", "");
    }
}
