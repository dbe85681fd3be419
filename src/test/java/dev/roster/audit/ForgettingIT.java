package dev.roster.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.http.RequestSource;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestTokens;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestSession;
import dev.roster.support.http.Reply;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** L5: after a deletion nothing in the database identifies the person. */
class ForgettingIT {
    private static final String NAME = "Zaphod Beeblebrox";
    private static final String EMAIL = "zaphod@heart-of-gold.example";
    private static final String NEW_EMAIL = "president@galaxy.example";
    private static final String KEY = "abcdefghijkl";
    private static final String USER_AGENT = "Zaphod's phone";

    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension();

    private final Api api = ROSTER.api();
    private final Trail trail = new Trail(ROSTER);

    @Test
    void forgetsADeletedUserAndNobodyElse() {
        Api.TestUser other = api.newUser();
        UUID id = UUID.fromString(
                send("POST", "/auth/register", null, Map.of("name", NAME, "email", EMAIL, "password", Api.PASSWORD))
                        .expect(201)
                        .body()
                        .path("id")
                        .asText());
        TestSession session = logIn(EMAIL, Api.PASSWORD);
        String path = "/users/" + id;
        send("POST", "/auth/login", null, Map.of("email", EMAIL, "password", "wrong"))
                .expect(401);
        send("PUT", path, session.accessToken(), Map.of("password", "Another-Horse-9", "current_password", "wrong"))
                .expect(403);
        logIn(EMAIL, Api.PASSWORD);
        send(
                        "PUT",
                        path,
                        session.accessToken(),
                        Map.of("email", NEW_EMAIL, "password", "Another-Horse-9", "current_password", Api.PASSWORD))
                .expect(200);
        send("POST", "/auth/logout", logIn(NEW_EMAIL, "Another-Horse-9").accessToken(), null)
                .expect(204);
        trail.record(
                disabled(id, "Support of Zaphod", "Beeblebrox asked"), disabled(other.id(), "Ford", "Too many hands"));
        trail.awaitSealed();
        long events = trail.count("SELECT count(*) FROM audit_events");
        assertThat(everything()).contains(NAME, NEW_EMAIL, USER_AGENT);

        send("DELETE", path, session.accessToken(), null).expect(204);

        assertThat(everything())
                .doesNotContainIgnoringCase("zaphod")
                .doesNotContainIgnoringCase("beeblebrox")
                .doesNotContain(NEW_EMAIL);
        assertThat(trail.count("SELECT count(*) FROM audit_events")).isEqualTo(events + 1);
        assertThat(trail.count("SELECT count(*) FROM audit_events WHERE user_agent IS NOT NULL AND target_id = '"
                        + other.id() + "'"))
                .isEqualTo(2);
        assertThat(everything()).contains("Ford", "Too many hands");
        trail.verify().expectNone();
        trail.awaitSealed();
        trail.verify().expectNone();
    }

    /** An operator who deletes a user may name the user: only the key and the code of the request stay. */
    @Test
    void deletionByAnOperatorIsRecordedWithoutItsWords() {
        UUID id = UUID.randomUUID();

        trail.record(byOperator(AuditEvent.Type.DELETED, id, "Trillian's desk", "Trillian left"));

        assertThat(everything()).contains(id.toString()).doesNotContain("Trillian");
        assertThat(trail.count(
                        "SELECT count(*) FROM audit_events WHERE key_id = '" + KEY + "' AND target_id = '" + id + "'"))
                .isEqualTo(1);
        trail.verify().expectNone();
    }

    private static AuditEvent disabled(UUID userId, String actor, String reason) {
        return byOperator(AuditEvent.Type.DISABLED, userId, actor, reason);
    }

    private static AuditEvent byOperator(AuditEvent.Type type, UUID userId, String actor, String reason) {
        return AuditEvent.against(userId, type, new RequestSource("x", null, null))
                .of(new AuditEvent.Operation(KEY, null, actor, reason));
    }

    private TestSession logIn(String email, String password) {
        return TestSession.of(send("POST", "/auth/login", null, Map.of("email", email, "password", password))
                .expect(200));
    }

    /** Every row of every table, as text. */
    private static String everything() {
        return ROSTER.jdbi().withHandle(handle -> {
            List<String> tables = handle.createQuery("SELECT oid::regclass::text FROM pg_class"
                            + " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
                    .mapTo(String.class)
                    .list();
            assertThat(tables).contains("users", "sessions", "audit_events_default", "audit_seals");
            StringBuilder all = new StringBuilder();
            for (String table : tables) {
                handle.createQuery("SELECT row::text FROM " + table + " AS row")
                        .mapTo(String.class)
                        .forEach(row -> all.append(row).append('\n'));
            }
            return all.toString();
        });
    }

    private Reply send(String method, String path, @Nullable String token, @Nullable Map<String, ?> body) {
        return api.send(api.request(path, token)
                .header("User-Agent", USER_AGENT)
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(TestTokens.json(body))));
    }
}
