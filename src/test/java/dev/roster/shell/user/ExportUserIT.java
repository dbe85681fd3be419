package dev.roster.shell.user;

import static dev.roster.support.process.Shell.expect;
import static dev.roster.support.process.Shell.expectRefusal;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestSession;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.process.CommandLine.Outcome;
import dev.roster.support.process.Shell;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code export-user}, beside the running service. */
class ExportUserIT {
    /** Tables without personal data. */
    private static final Set<String> NOT_PERSONAL = Set.of("databasechangelog", "databasechangeloglock");

    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension()
            .with("LOGIN_FAILURES", "10")
            .with("LOGIN_FAILURES_ANYWHERE", "100")
            .with("REGISTRATIONS", "1000")
            .with("LOGINS", "20")
            .with("CHANGES", "20")
            .with("MAIL", "mailbox")
            .with("MAIL_LINKS", "https://app.example.com");

    private final Api api = ROSTER.api();
    private final Shell shell = new Shell(ROSTER.database());
    private final TestUser user = api.newUser();
    private final TestUser other = api.newUser();

    @Test
    void exportShowsTheUserAndSessionsAsTheApiDoes() {
        JsonNode export = export(user.email());

        JsonNode me = api.get("/users/me", user.token()).expect(200).body();
        assertThat(export.path("user").path("version").asInt()).isEqualTo(1);
        ObjectNode exported = export.path("user").deepCopy();
        JsonNode shown = exported.without(List.of(
                "version",
                "metadata",
                "disabled_at",
                "disabled_until",
                "disabled_reason",
                "password_reset_required_at",
                "pending_email",
                "email_verified_at"));
        assertThat(shown).isEqualTo(without(me, "email_verified"));
        JsonNode sessions =
                api.get(user.sessionsPath(), user.token()).expect(200).body().path("sessions");
        assertThat(sessions).hasSize(1);
        assertThat(export.path("sessions")).hasSize(1);
        assertThat(without(export.path("sessions").path(0), "refreshes_full_at"))
                .isEqualTo(without(sessions.path(0), "current"));
        assertThat(export.path("export").path("user_id").asText())
                .isEqualTo(user.id().toString());
    }

    @Test
    void exportShowsAuditEventsInOrder() {
        api.login(user.email(), "wrong").expect(401);
        api.put(user.path(), user.token(), Map.of("name", "B")).expect(200);
        api.logout(user.token()).expect(204);

        JsonNode export = export(user.id().toString());

        assertThat(export.path("audit_events"))
                .extracting(event -> event.path("type").asText())
                .containsExactly("registered", "logged_in", "login_refused", "details_changed", "logged_out");
        JsonNode refused = export.path("audit_events").path(2);
        assertThat(refused.path("actor_id").isNull()).isTrue();
        assertThat(refused.path("target_id").asText()).isEqualTo(user.id().toString());
        assertThat(refused.path("ip").asText()).isEqualTo("127.0.0.1");
        assertThat(export.path("token_blocklist"))
                .extracting(row -> row.path("kind").asText())
                .containsExactlyInAnyOrder("token", "session");
        assertThat(export.path("limits"))
                .extracting(limit -> limit.path("limit").asText())
                .containsExactlyInAnyOrder("account", "account-anywhere", "registration-email", "login", "change");
        assertThat(export.path("sessions")).isEmpty();
    }

    /** A7, L3 */
    @Test
    void exportHoldsNoSecretAndNoOtherUser() {
        TestSession session = api.newSession(user);
        api.refreshed(session.refreshToken());

        Outcome outcome = shell.run("export-user", user.email());

        List<String> secrets = ROSTER.jdbi().withHandle(handle -> handle.createQuery("""
                        SELECT password_hash FROM users WHERE id = :id
                         UNION ALL
                        SELECT refresh_token_hash FROM sessions WHERE user_id = :id
                         UNION ALL
                        SELECT hash FROM spent_refresh_tokens JOIN sessions ON id = session_id WHERE user_id = :id
                         UNION ALL
                        SELECT successor_salt
                          FROM spent_refresh_tokens JOIN sessions ON id = session_id
                         WHERE user_id = :id
                        """)
                .bind("id", user.id())
                .mapTo(String.class)
                .list());
        assertThat(secrets).hasSize(5);
        assertThat(outcome.output())
                .contains(user.id().toString())
                .doesNotContain(secrets)
                .doesNotContain(other.id().toString(), other.email(), session.refreshToken());
    }

    /** A room that adds a table or column exports it, or leaves it out with a reason. */
    @Test
    void everyColumnIsExportedOrListedAsLeftOut() {
        api.refreshed(api.newSession(user).refreshToken());
        api.login(user.email(), "wrong").expect(401);
        api.delete(user.sessionsPath() + "/" + api.newSession(user).id(), user.token())
                .expect(204);
        api.post("/auth/password-reset", Map.of("email", user.email())).expect(202);
        JsonNode export;
        try {
            ROSTER.jdbi().useHandle(handle -> handle.execute("INSERT INTO audit_unforgotten VALUES (?)", user.id()));
            export = export(user.email());
        } finally {
            ROSTER.jdbi()
                    .useHandle(handle -> handle.execute("DELETE FROM audit_unforgotten WHERE user_id = ?", user.id()));
        }

        Set<String> named = new TreeSet<>();
        add(named, "users", export.path("user"));
        for (String table : List.of(
                "sessions",
                "spent_refresh_tokens",
                "token_blocklist",
                "audit_unforgotten",
                "audit_events",
                "login_networks",
                "last_logins",
                "mail_tokens",
                "mails")) {
            add(named, table, export.path(table).path(0));
        }
        add(named, "failure_limits", export.path("limits").path(0));
        add(named, "request_limits", export.path("limits").path(0));
        export.path("left_out").forEach(names -> names.forEach(name -> named.add(name.asText())));

        List<String> columns = columns();
        assertThat(columns).isNotEmpty();
        columns.removeIf(column -> column.matches("(api_keys|signing_keys|epochs)\\..*")); // of nobody
        columns.removeIf(column -> named.contains(column) || named.contains(column.substring(0, column.indexOf('.'))));
        assertThat(columns).isEmpty();
    }

    /** Why an operator did something concerns the user. Who did it, and from where, concerns the operator. */
    @Test
    void exportShowsTheReasonAndNotTheOperator() {
        ROSTER.jdbi().useHandle(handle -> handle.execute("""
                        INSERT INTO audit_events (id, occurred_at, type, target_id, request_id, ip, user_agent,
                                                  user_agent_mac, key_id, reason, reason_mac, actor, actor_mac, mac)
                        VALUES (gen_random_uuid(), now(), 'disabled', ?, 'x', '192.0.2.7', 'Desk', 'x', 'abcdefghijkl',
                                'Spam', 'x', 'Ford', 'x', 'x')
                        """, user.id()));

        JsonNode events = export(user.email()).path("audit_events");

        JsonNode event = events.path(events.size() - 1);
        assertThat(event.path("reason").asText()).isEqualTo("Spam");
        assertThat(event.path("key_id").asText()).isEqualTo("abcdefghijkl");
        assertThat(event.toString()).doesNotContain("Ford", "192.0.2.7", "Desk");
    }

    @Test
    void exportShowsTheRemainingRowsOfADeletedUser() {
        api.delete(user.path(), user.token()).expect(204);

        JsonNode export = export(user.id().toString());

        assertThat(export.path("user").isNull()).isTrue();
        assertThat(export.path("sessions")).isEmpty();
        assertThat(export.path("token_blocklist")).hasSize(1);
        assertThat(export.path("audit_events")).hasSize(3).allMatch(event -> event.path("user_agent")
                .isNull());
        expectRefusal(shell.run("export-user", user.email()), "export-user: Nobody has this e-mail address.");
    }

    @Test
    void unknownUserIsRefused() {
        expectRefusal(shell.run("export-user", UUID.randomUUID().toString()), "export-user: Nobody has this id.");
        expectRefusal(shell.run("export-user", "me"), "export-user: USER must be an id or an e-mail address");
    }

    /** The row has an address that the service would refuse. */
    @Test
    void userInsertedByHandCanBeExportedAndDeleted() {
        UUID id = UUID.randomUUID();
        ROSTER.jdbi()
                .useHandle(handle -> handle.execute(
                        "INSERT INTO users (id, name, email, password_hash) VALUES (?, 'A', 'a@127.0.0.1', 'none')",
                        id));

        assertThat(export(id.toString()).path("user").path("email").asText()).isEqualTo("a@127.0.0.1");
        expect(shell.run("delete-user", id.toString()), "deleted " + id);
    }

    private JsonNode export(String named) {
        Outcome outcome = shell.run("export-user", named);
        assertThat(outcome.errors()).isEmpty();
        assertThat(outcome.failed()).isFalse();
        assertThat(outcome.output()).startsWith("{\n  \"export\"").endsWith("}\n");
        try {
            return new ObjectMapper().readTree(outcome.output());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> columns() {
        List<String> columns = new ArrayList<>(ROSTER.jdbi()
                .withHandle(
                        handle -> handle.createQuery("""
                        SELECT table_name || '.' || column_name
                          FROM information_schema.columns
                         WHERE table_schema = 'public' AND table_name !~ '^audit_events_'
                        """).mapTo(String.class).list()));
        columns.removeIf(column -> NOT_PERSONAL.contains(column.substring(0, column.indexOf('.'))));
        return columns;
    }

    private static void add(Set<String> columns, String table, JsonNode row) {
        row.fieldNames().forEachRemaining(name -> columns.add(table + "." + name));
    }

    private static JsonNode without(JsonNode object, String name) {
        return object.<ObjectNode>deepCopy().without(name);
    }
}
