package dev.roster.shell.key;

import static dev.roster.support.process.Shell.expect;
import static dev.roster.support.process.Shell.expectRefusal;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestKeys;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.http.AdminApi;
import dev.roster.support.process.CommandLine.Outcome;
import dev.roster.support.process.Shell;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code create-key}, {@code list-keys} and {@code revoke-key}, beside a running node. */
class KeyCommandsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final TestDatabase DATABASE = TestDatabase.migrated();

    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension().on(DATABASE).with("ADDRESS_FAILURES", "0");

    private final Shell shell = new Shell(DATABASE);

    @AfterAll
    static void verifyAuditTrail() {
        new Shell(DATABASE).verifyAudit();
    }

    @Test
    void keyIsPrintedAloneAndWorks() {
        String key = create("--name", "Ops \u00e9", "--scope", "keys", "--scope", "users:read", "--scope", "keys");

        JsonNode shown = new AdminApi(ROSTER.admin(), key)
                .get("/keys")
                .expect(200)
                .body()
                .path("keys");
        JsonNode own = find(shown, TestKeys.id(key));
        assertThat(own.path("name").asText()).isEqualTo("Ops \u00e9");
        assertThat(own.path("scopes")).map(JsonNode::asText).containsExactly("users:read", "keys");
        assertThat(own.path("created_by").isNull()).isTrue();
        assertThat(own.path("expires_at").isNull()).isTrue();
        assertThat(events(key)).containsExactly(Map.of("type", "key_created", "by_key", false));
    }

    @ParameterizedTest
    @CsvSource({"90d, 7776000", "12h, 43200", "3660d, 316224000"})
    void keyEndsAfterTheGivenTime(String lifetime, long seconds) {
        String key = create("--name", "a", "--scope", "keys", "--expires", lifetime);

        Double left = DATABASE.jdbi().withHandle(handle -> handle.createQuery("""
                                SELECT extract(epoch FROM expires_at - now())::float8 FROM api_keys WHERE id = :id
                                """)
                .bind("id", TestKeys.id(key))
                .mapTo(Double.class)
                .one());
        assertThat(left).isBetween(seconds - 60.0, (double) seconds);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--name,,--scope,keys                        | --name must not be blank",
                "--name,a,--scope,nothing                    | --scope must be one of: users:read, users:write",
                "--name,a,--scope,keys,--expires,soon        | --expires must be a number of days or hours",
                "--name,a,--scope,keys,--expires,0d          | --expires must be a number of days or hours",
                "--name,a,--scope,keys,--expires,99999d      | expires_at must be in the future",
            })
    void invalidArgumentsMakeNoKey(String arguments, String message) {
        int before = count();

        Outcome outcome = shell.run("create-key", arguments.split(","));

        assertThat(outcome.failed()).isTrue();
        assertThat(outcome.output()).isEmpty();
        assertThat(outcome.errors()).startsWith("create-key: " + message);
        assertThat(count()).isEqualTo(before);
    }

    @Test
    void keysAreListedWithoutTheirSecrets() {
        String key = create("--name", "listed", "--scope", "audit:read", "--scope", "keys");

        Outcome outcome = shell.run("list-keys");

        assertThat(outcome.failed()).as(outcome.errors()).isFalse();
        assertThat(outcome.output()).doesNotContain(key.substring(16));
        assertThat(outcome.output().lines().filter(line -> line.startsWith(TestKeys.id(key))))
                .hasSize(1)
                .allMatch(line -> line.matches("[\\w-]{12}\tlisted\taudit:read,keys\t\\S+Z\t-\t-\t-\t-"));
    }

    @Test
    void revokedKeyIsRefusedByTheNode() {
        String key = create("--name", "a", "--scope", "keys");
        AdminApi admin = new AdminApi(ROSTER.admin(), key);
        admin.get("/keys").expect(200);

        expect(shell.run("revoke-key", TestKeys.id(key)), "revoked " + TestKeys.id(key));

        Poll.until(
                "the node has heard of it", PATIENCE, () -> admin.get("/keys").status() == 401);
        expect(shell.run("revoke-key", TestKeys.id(key)), "revoked " + TestKeys.id(key));
        assertThat(events(key))
                .containsExactly(
                        Map.of("type", "key_created", "by_key", false), Map.of("type", "key_revoked", "by_key", false));
    }

    @Test
    void unknownKeyIsRefused() {
        expectRefusal(shell.run("revoke-key", "AAAAAAAAAAAA"), "revoke-key: This key does not exist.");
    }

    /** An operator without any key begins anew at a shell. */
    @Test
    void shellMakesAKeyAfterTheLastWasRevoked() {
        DATABASE.jdbi().useHandle(handle -> handle.execute("UPDATE api_keys SET revoked_at = now()"));
        String last = create("--name", "last", "--scope", "keys");
        new AdminApi(ROSTER.admin(), last).delete("/keys/" + TestKeys.id(last)).expect(204);

        String next = create("--name", "next", "--scope", "keys");

        new AdminApi(ROSTER.admin(), next).get("/keys").expect(200);
    }

    private String create(String... arguments) {
        Outcome outcome = shell.run("create-key", arguments);
        assertThat(outcome.failed()).as(outcome.errors()).isFalse();
        assertThat(outcome.output()).matches("rk_[A-Za-z0-9_][\\w-]{11}_[\\w-]{43}\n");
        return outcome.output().strip();
    }

    private static JsonNode find(JsonNode keys, String id) {
        for (JsonNode key : keys) {
            if (key.path("id").asText().equals(id)) {
                return key;
            }
        }
        throw new AssertionError("Not listed: " + id);
    }

    private static List<Map<String, Object>> events(String key) {
        return DATABASE.jdbi().withHandle(handle -> handle.createQuery("""
                                SELECT type, key_id IS NOT NULL AS by_key
                                  FROM audit_events
                                 WHERE target_key_id = :id
                                 ORDER BY occurred_at, id
                                """)
                .bind("id", TestKeys.id(key))
                .mapToMap()
                .list());
    }

    private static int count() {
        return DATABASE.jdbi().withHandle(handle -> handle.createQuery("SELECT count(*) FROM api_keys")
                .mapTo(Integer.class)
                .one());
    }
}
