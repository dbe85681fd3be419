package dev.roster.command.registration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.process.ConsoleLog;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The variable {@code SELF_ASSIGNABLE_ROLES}, and what a start says about it. */
class SelfAssignableRolesIT {
    private static final String GRANTS_NOTHING = "it grants nothing in Roster";

    private final RosterExtension roster = new RosterExtension().with("LOG_LEVEL", "INFO");

    @AfterEach
    void stop() {
        roster.stop();
    }

    @ParameterizedTest
    @CsvSource({"'', 1", "'user,admin', 1", "' admin ', 1", "user, 0"})
    void startWithAdminSaysOnceThatTheRoleGrantsNothing(String roles, int lines) throws Exception {
        roster.with("SELF_ASSIGNABLE_ROLES", roles);

        try (ConsoleLog log = new ConsoleLog()) {
            roster.start();

            assertThat(log.linesUntil(1, line -> line.contains("] Roster ")))
                    .filteredOn(line -> line.contains(GRANTS_NOTHING))
                    .hasSize(lines)
                    .allMatch(line -> line.contains("the role admin"));
        }
    }

    @Test
    void otherRolesAreForbidden() throws Exception {
        roster.with("SELF_ASSIGNABLE_ROLES", "user").start();
        Map<String, Object> body = Api.newBody(Api.newEmail());
        body.put("role", "admin");

        roster.api().register(body).expectProblem(403, "forbidden");
        body.put("role", "user");
        roster.api().register(body).expect(201);
    }
}
