package dev.roster.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestSession;
import dev.roster.support.http.Api.TestUser;
import java.time.Duration;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.generic.GenericType;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The functions in the database work whatever the {@code search_path} of their caller. */
class FunctionsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** As of pg_restore; as of a user with tables of the same names; as of a session with temporary ones. */
    private static final String EMPTY = "SELECT set_config('search_path', '', false)";

    private static final String SHADOWED = "SET search_path = other, public";
    private static final String TEMPORARY = "CREATE TEMPORARY TABLE sessions (id uuid, user_id uuid)";

    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension();

    private final Api api = ROSTER.api();
    private final TestUser user = api.newUser();

    @ParameterizedTest
    @ValueSource(strings = {EMPTY, SHADOWED, TEMPORARY})
    void sessionBlockedByHandEnds(String setting) {
        TestSession session = api.newSession(user);
        try (Handle handle = open(setting)) {
            handle.execute(
                    "INSERT INTO public.token_blocklist (id, kind, expires_at)"
                            + " VALUES (?, 'session', now() + interval '1 h')",
                    session.id());
        }

        api.refresh(session.refreshToken()).expectProblem(401, "invalid-token");
        Poll.until("it is heard of", PATIENCE, () -> isRefused(session.accessToken()));
        api.get(user.path(), user.token()).expect(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {EMPTY, SHADOWED, TEMPORARY})
    void userBlockedByHandLosesAllSessions(String setting) {
        TestSession session = api.newSession(user);
        try (Handle handle = open(setting)) {
            handle.execute(
                    "INSERT INTO public.token_blocklist (id, kind, user_id, expires_at)"
                            + " VALUES (?, 'user', ?, now() + interval '1 h')",
                    user.id(),
                    user.id());
        }

        api.refresh(session.refreshToken()).expectProblem(401, "invalid-token");
        Poll.until("it is heard of", PATIENCE, () -> isRefused(user.token()));
    }

    @ParameterizedTest
    @ValueSource(strings = {EMPTY, SHADOWED})
    void userChangedByHandIsReadAnew(String setting) {
        api.get(user.path(), user.token()).expect(200);
        try (Handle handle = open(setting)) {
            handle.execute("UPDATE public.users SET name = 'Zaphod' WHERE id = ?", user.id());
        }

        Poll.until("it is heard of", PATIENCE, () -> name().equals("Zaphod"));
    }

    @ParameterizedTest
    @ValueSource(strings = {EMPTY, SHADOWED})
    void auditTrailStaysAppendOnly(String setting) {
        try (Handle handle = open(setting)) {
            for (String sql : new String[] {
                "UPDATE public.audit_events SET type = 'deleted'", "DELETE FROM public.audit_events",
                "TRUNCATE public.audit_events", "UPDATE public.audit_seals SET number = 0"
            }) {
                assertThatThrownBy(() -> handle.execute(sql))
                        .isInstanceOf(UnableToExecuteStatementException.class)
                        .hasMessageContaining("The audit trail is append-only");
            }
        }
    }

    /** A list's search uses an index on a function of two more. */
    @Test
    void userInsertedWithAnEmptySearchPathIsFound() {
        String email = Api.newEmail();
        try (Handle handle = open(EMPTY)) {
            handle.execute(
                    "INSERT INTO public.users (id, name, email, password_hash)"
                            + " VALUES (pg_catalog.gen_random_uuid(), 'Ж', ?, 'x')",
                    email);
        }

        assertThat(api.get("/users?q=%D0%96", user.token()).expect(200).text()).contains(email);
    }

    /** The body of a function is parsed when it is created, or when it is called with its own search_path. */
    @Test
    void everyFunctionFixesWhereItLooks() {
        assertThat(functions(TestDatabase.migrated(), "public"))
                .containsOnly(
                        entry("end_blocked_sessions", "search_path=public, pg_temp"),
                        entry("fold_user_name", "search_path=public, pg_temp"),
                        entry("forget_operators_words", "search_path=public, pg_temp"),
                        entry("keep_unforgotten", "search_path=public, pg_temp"),
                        entry("notify_token_blocklist", "search_path=public, pg_temp"),
                        entry("notify_api_keys", "search_path=public, pg_temp"),
                        entry("notify_signing_keys", "search_path=public, pg_temp"),
                        entry("notify_users", "search_path=public, pg_temp"),
                        entry("refuse_audit_change", "search_path=public, pg_temp"),
                        entry("users_folded", "search_path=public, pg_temp"),
                        entry("users_pieces", "parsed"),
                        entry("users_pieces_of", "parsed"));
    }

    private static Map<String, String> functions(TestDatabase database, String schema) {
        return database.jdbi().withHandle(handle -> handle.createQuery("""
                        SELECT proname,
                               CASE WHEN prosqlbody IS NULL THEN array_to_string(proconfig, ';') ELSE 'parsed' END
                                   AS looks
                          FROM pg_proc
                         WHERE pronamespace = CAST(:schema AS regnamespace)
                           AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
                        """)
                .bind("schema", schema)
                .setMapKeyColumn("proname")
                .setMapValueColumn("looks")
                .collectInto(new GenericType<Map<String, String>>() {}));
    }

    private static Handle open(String setting) {
        Handle handle = ROSTER.jdbi().open();
        handle.execute("CREATE SCHEMA IF NOT EXISTS other");
        handle.execute("CREATE TABLE IF NOT EXISTS other.sessions (id uuid, user_id uuid)");
        handle.execute(setting);
        return handle;
    }

    private boolean isRefused(String token) {
        return api.get("/users/me", token).status() == 401;
    }

    private String name() {
        return api.get(user.path(), user.token())
                .expect(200)
                .body()
                .path("name")
                .asText();
    }
}
