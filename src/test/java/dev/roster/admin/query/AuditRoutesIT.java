package dev.roster.admin.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.apikey.Scope;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestKeys;
import dev.roster.support.http.AdminApi;
import dev.roster.support.http.Reply;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The audit trail for operators. */
class AuditRoutesIT {
    private static final UUID ANN = new UUID(1, 1);
    private static final UUID BOB = new UUID(2, 2);

    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension().set("audit.sealInterval", "1h");

    private final AdminApi admin = new AdminApi(ROSTER.admin(), TestKeys.make(ROSTER.jdbi(), Scope.AUDIT_READ));

    @BeforeEach
    void forgetEvents() {
        ROSTER.jdbi().useHandle(handle -> {
            handle.execute("SET session_replication_role = replica"); // without the triggers that keep events
            handle.execute("DELETE FROM audit_events");
        });
    }

    @Test
    void eventHasAllItsMembers() {
        ROSTER.jdbi().useHandle(handle -> handle.execute("""
                INSERT INTO audit_events (id, occurred_at, type, actor_id, target_id, session_id, details, request_id,
                                          ip, user_agent, user_agent_mac, key_id, actor, actor_mac, reason, reason_mac,
                                          mac)
                VALUES ('00000000-0000-7000-8000-000000000001', '2026-11-22T07:04:31.123456Z', 'details_changed', NULL,
                        ?, ?, 'name,email', 'r1', '2001:db8::1', 'curl', '\\x00', 'ABCDEFGHIJKL', 'Zoë', '\\x00',
                        'Asked by mail', '\\x00', '\\x00')
                """, ANN, BOB));

        Reply reply = admin.get("/audit").expect(200);

        assertThat(reply.header("Content-Type")).isEqualTo("application/json");
        assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
        assertThat(reply.text())
                .isEqualTo("{\"events\":[{\"id\":\"00000000-0000-7000-8000-000000000001\","
                        + "\"occurred_at\":\"2026-11-22T07:04:31.123456Z\",\"type\":\"details_changed\","
                        + "\"actor_id\":null,\"target_id\":\"" + ANN + "\",\"session_id\":\"" + BOB + "\","
                        + "\"details\":\"name,email\",\"request_id\":\"r1\",\"ip\":\"2001:db8::1\","
                        + "\"user_agent\":\"curl\",\"key_id\":\"ABCDEFGHIJKL\",\"target_key_id\":null,"
                        + "\"actor\":\"Zoë\",\"reason\":\"Asked by mail\"}],\"next_cursor\":null}");
    }

    /** Events 1 to 6, a second apart; the newest is listed first. */
    @ParameterizedTest
    @CsvSource({
        "'', 6 5 4 3 2 1",
        "target=00000000-0000-0001-0000-000000000001, 6 3 1",
        "actor=00000000-0000-0001-0000-000000000001, 2 1",
        "actor=00000000-0000-0001-0000-000000000001&target=00000000-0000-0002-0000-000000000002, 2",
        "actor=00000000-0000-0009-0000-000000000009, ''",
        "actor=desk%207, 5 3",
        "actor=Desk%207, ''",
        "key=ABCDEFGHIJKL, 4 3",
        "key=ABCDEFGHIJKM, ''",
        "type=logged_in, 6 1",
        "type=details_changed&key=ABCDEFGHIJKL, 3",
        "request_id=r3, 3",
        "request_id=nobody, ''",
        "from=2026-11-22T00:00:03Z, 6 5 4 3",
        "to=2026-11-22T00:00:03Z, 2 1",
        "from=2026-11-22T01:00:03%2B01:00&to=2026-11-22T00:00:04Z, 3",
        "from=2026-11-22T00:00:03.0000001Z&to=2026-11-22T00:00:04.0000001Z, 4",
        "from=2030-01-01T00:00:00Z, ''",
        "target=00000000-0000-0001-0000-000000000001&actor=desk%207&key=ABCDEFGHIJKL&type=details_changed"
                + "&request_id=r3&from=2026-11-22T00:00:03Z&to=2026-11-22T00:00:04Z, 3",
    })
    void filtersSelectEvents(String query, String expected) {
        event(1, "logged_in", ANN, ANN, null, null);
        event(2, "session_ended", ANN, BOB, null, null);
        event(3, "details_changed", null, ANN, "ABCDEFGHIJKL", "desk 7");
        event(4, "key_created", null, null, "ABCDEFGHIJKL", null);
        event(5, "enabled", null, BOB, "MNOPQRSTUVWX", "desk 7");
        event(6, "logged_in", BOB, ANN, null, null);

        for (int limit : new int[] {1, 2, 200}) {
            assertThat(String.join(" ", walk(query, limit))).isEqualTo(expected);
        }
    }

    @Test
    void eventsOfOneMomentAreListedOnce() {
        ROSTER.jdbi().useHandle(handle -> handle.execute("""
                INSERT INTO audit_events (id, occurred_at, type, actor_id, target_id, request_id, mac)
                SELECT gen_random_uuid(), '2026-11-22Z'::timestamptz - (i / 5) * interval '1 month', 'logged_in', ?, ?,
                       i::text, '\\x00'
                  FROM generate_series(1, 40) AS i
                """, ANN, ANN));

        for (String query : List.of("", "actor=" + ANN, "target=" + ANN, "type=logged_in")) {
            List<String> listed = walk(query, 3);

            assertThat(listed).hasSize(40).doesNotHaveDuplicates();
            List<Integer> months =
                    listed.stream().map(id -> Integer.parseInt(id) / 5).toList();
            assertThat(months).isSorted();
        }
    }

    /** Whoever pages backwards in time does not meet newer events, and misses none that was there. */
    @ParameterizedTest
    @ValueSource(strings = {"", "target=00000000-0000-0001-0000-000000000001", "type=details_changed"})
    void walkIsCompleteWhileEventsAreWritten(String query) {
        for (int i = 1; i <= 30; i++) {
            event(i, "details_changed", null, ANN, null, null);
        }
        List<String> expected = new ArrayList<>();
        for (int i = 30; i > 0; i--) {
            expected.add(Integer.toString(i));
        }
        int[] next = {30};

        List<String> listed = walk(query, 4, () -> event(++next[0], "details_changed", null, ANN, null, null));

        assertThat(listed).isEqualTo(expected);
        assertThat(next[0]).isGreaterThan(30);
    }

    @ParameterizedTest
    @CsvSource({
        "target=x, target, must be the id of a user",
        "target=me, target, must be the id of a user",
        "target=%00, target, must be the id of a user",
        "actor=%00, actor, must not contain control characters",
        "actor=a%0Ab, actor, must not contain control characters",
        "key=x, key, must be the id of a key",
        "key=ABCDEFGHIJK%00, key, must be the id of a key",
        "key=rk_ABCDEFGHIJKL, key, must be the id of a key",
        "request_id=%00, request_id, must not contain control characters",
        "from=2026-11-22, from, "
                + "'must be a time of RFC 3339, such as 2026-11-30T14:00:00Z; + of an offset is written %2B'",
        "to=now, to, " + "'must be a time of RFC 3339, such as 2026-11-30T14:00:00Z; + of an offset is written %2B'",
        "limit=201, limit, must be a whole number from 1 to 200",
        "cursor=x, cursor, must be the next_cursor of a page of this list",
        "sort=id, sort, is not a known parameter",
        "type=logged_in&type=deleted, type, must be given once",
        "type=, type, must not be empty",
    })
    void invalidParameterIsRefused(String query, String name, String message) {
        assertThat(admin.get("/audit?" + query).expectInvalid(name).errors()).containsEntry(name, message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"logged-in", "LOGGED_IN", "login", "'", "%00", "logged_in%20"})
    void unknownTypeIsRefused(String type) {
        assertThat(admin.get("/audit?type=" + type)
                        .expectInvalid("type")
                        .errors()
                        .get("type"))
                .startsWith("must be one of: registered, logged_in, login_refused, ")
                .endsWith("email_change_reverted, invited, signing_key_rotated");
    }

    @Test
    void hugeParameterIsRefused() {
        for (String name : List.of("actor", "request_id")) {
            assertThat(admin.get("/audit?" + name + "=" + "x".repeat(65))
                            .expectInvalid(name)
                            .errors())
                    .containsEntry(name, "must be at most 64 characters");
            admin.get("/audit?" + name + "=" + "%F0%9F%98%80".repeat(64)).expect(200);
            admin.get("/audit?" + name + "=%E2%80%AE").expect(200);
        }
    }

    @Test
    void allInvalidParametersAreNamedAtOnce() {
        admin.get("/audit?limit=0&cursor=x&target=x&actor=%00&key=x&type=x&from=x&to=x&request_id=%00&x=x")
                .expectInvalid("limit", "cursor", "target", "actor", "key", "type", "from", "to", "request_id", "x");
    }

    @Test
    void cursorBelongsToItsFilters() {
        event(1, "logged_in", ANN, ANN, null, null);
        event(2, "logged_in", ANN, ANN, null, null);
        Reply first = admin.get("/audit?limit=1&type=logged_in").expect(200);
        String cursor = first.body().path("next_cursor").asText();

        assertThat(first.header("Link"))
                .isEqualTo("<audit?limit=1&type=logged_in&cursor=" + cursor + ">; rel=\"next\"");
        admin.get("/audit?type=logged_in&cursor=" + cursor).expect(200);
        admin.get("/audit?cursor=" + cursor).expectInvalid("cursor");
        admin.get("/audit?type=deleted&cursor=" + cursor).expectInvalid("cursor");
        admin.get("/audit?type=logged_in&target=" + ANN + "&cursor=" + cursor).expectInvalid("cursor");
    }

    @Test
    void malformedConsistencyTokenIsRefused() {
        admin.send(admin.request("/audit").header("Consistency-Token", "x").GET())
                .expectInvalid("Consistency-Token");
        admin.send(admin.request("/audit").header("Consistency-Token", "0/0").GET())
                .expect(200);
    }

    @Test
    void headAnswersLikeGet() {
        event(1, "logged_in", ANN, ANN, null, null);
        event(2, "logged_in", ANN, ANN, null, null);

        Reply get = admin.get("/audit?limit=1").expect(200);
        Reply head = admin.send(admin.request("/audit?limit=1").method("HEAD", BodyPublishers.noBody()))
                .expect(200);

        assertThat(head.text()).isEmpty();
        for (String header : List.of("Content-Type", "Content-Length", "Cache-Control", "Link")) {
            assertThat(head.header(header)).as(header).isEqualTo(get.header(header));
        }
    }

    private List<String> walk(String query, int limit) {
        return walk(query, limit, () -> {});
    }

    /** The numbers of the listed events. */
    private List<String> walk(String query, int limit, Runnable betweenPages) {
        List<String> numbers = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = admin.get("/audit?limit=" + limit + "&" + query + cursor)
                    .expect(200)
                    .body();
            page.path("events")
                    .forEach(event ->
                            numbers.add(event.path("request_id").asText().replace("r", "")));
            cursor = page.path("next_cursor").isNull()
                    ? ""
                    : "&cursor=" + page.path("next_cursor").asText();
            betweenPages.run();
        } while (!cursor.isEmpty());
        return numbers;
    }

    private static void event(
            int number,
            String type,
            @Nullable UUID actorId,
            @Nullable UUID targetId,
            @Nullable String keyId,
            @Nullable String actor) {
        ROSTER.jdbi().useHandle(handle -> handle.createUpdate("""
                        INSERT INTO audit_events (id, occurred_at, type, actor_id, target_id, request_id, key_id,
                                                  actor, actor_mac, mac)
                        VALUES (gen_random_uuid(), '2026-11-22Z'::timestamptz + :number * interval '1 s', :type,
                                CAST(:actorId AS uuid), CAST(:targetId AS uuid), 'r' || :number, :keyId,
                                :actor, CASE WHEN :actor::text IS NOT NULL THEN '\\x00'::bytea END, '\\x00')
                        """)
                .bind("number", number)
                .bind("type", type)
                .bind("actorId", actorId)
                .bind("targetId", targetId)
                .bind("keyId", keyId)
                .bind("actor", actor)
                .execute());
    }
}
