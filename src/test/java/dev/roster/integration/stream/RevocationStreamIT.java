package dev.roster.integration.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.apikey.Scope;
import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestKeys;
import dev.roster.support.TestTokens;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.EventStream;
import dev.roster.support.http.EventStream.Event;
import dev.roster.support.http.Reply;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code GET /api/v1/revocations} of one node. */
class RevocationStreamIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension();

    private final Api api = ROSTER.api();
    private final String key = TestKeys.make(ROSTER.jdbi(), Scope.REVOCATIONS);
    private final List<EventStream> opened = new ArrayList<>();

    private EventStream open(String apiKey) {
        return open(apiKey, null);
    }

    private EventStream open(String apiKey, @Nullable String lastEventId) {
        EventStream stream = EventStream.open(api.base(), apiKey, lastEventId);
        opened.add(stream);
        return stream;
    }

    @AfterEach
    void closeStreams() {
        opened.forEach(EventStream::close);
        Poll.until("all have ended", PATIENCE, () -> ROSTER.count("roster_revocation_streams") == 0);
    }

    @Test
    void snapshotHasEveryLiveIdWithItsExpiry() {
        UUID live = revoke("interval '1 hour'");
        UUID expired = revoke("interval '-1 minute'");
        awaitAllInMemory();

        try (EventStream stream = open(key)) {
            Event snapshot = stream.await("snapshot");

            assertThat(snapshot.revokes(live)).isTrue();
            assertThat(snapshot.revokes(expired)).isFalse();
        }
    }

    @Test
    void logoutArrivesBeforeTheBeatThatCoversIt() {
        TestUser user = api.newUser();
        String session = TestTokens.read(user.token()).path("sid").asText();
        try (EventStream stream = open(key)) {
            stream.await("beat");

            api.logout(user.token()).expect(204);
            Instant ended = now();

            Event revoked = stream.await("revoked", event -> event.revokes(session));
            assertThat(revoked.data().path("exp").asLong()).isGreaterThan(ended.getEpochSecond());
            Event beat = stream.await("beat", event -> !time(event).isBefore(ended));
            assertThat(stream.events().indexOf(revoked))
                    .isLessThan(stream.events().indexOf(beat));
        }
    }

    @Test
    void streamGoesOnAfterTheLastEventThatItsClientNames() {
        UUID first = revoke("interval '1 hour'");
        Event known;
        try (EventStream stream = open(key)) {
            stream.await("snapshot");
            known = stream.awaitNext("beat");
        }
        UUID second = revoke("interval '1 hour'");

        try (EventStream stream = open(key, known.id())) {
            stream.await("revoked", event -> event.revokes(second));
            stream.await("beat");

            assertThat(stream.events())
                    .noneMatch(event -> event.name().equals("snapshot"))
                    .noneMatch(event -> event.revokes(first));
        }
    }

    /** Cursors of other runs, positions that do not exist, and garbage. */
    @ParameterizedTest
    @ValueSource(strings = {"0123456789abcdef-0", "RUN-999999999", "RUN--1", "RUN-", "RUN-1x", "RUN", "-", "garbage"})
    void streamBeginsWithASnapshotIfItDoesNotKnowTheLastEvent(String lastEventId) {
        UUID id = revoke("interval '1 hour'");
        awaitAllInMemory();
        String run;
        try (EventStream stream = open(key)) {
            run = stream.await("snapshot").id().replaceFirst("-[0-9]+$", "");
        }

        try (EventStream stream = open(key, lastEventId.replace("RUN", run))) {
            assertThat(stream.await("snapshot").revokes(id)).isTrue();
        }
    }

    @Test
    void snapshotTellsUntilWhenAllTokensAreRevoked() {
        Instant until = Instant.parse("2026-01-02T03:04:05.9Z");
        try (EventStream stream = open(key)) {
            assertThat(stream.await("snapshot").data().has("revoked_until")).isFalse();

            ROSTER.jdbi().useHandle(handle -> handle.execute("""
                    INSERT INTO token_blocklist (id, kind, revoked_at, expires_at)
                    VALUES ('00000000-0000-0000-0000-000000000000', 'all', ?, '2100-01-01T00:00:00Z')
                    """, until));

            Event event = stream.await("revoked", each -> each.data().has("revoked_until"));
            assertThat(event.data().toString())
                    .isEqualTo("{\"revoked_until\":" + until.getEpochSecond() + ",\"exp\":4102444800}");

            // A signing key may have ended with a second revocation of the same moment, so verifiers must hear of it.
            ROSTER.jdbi().useHandle(handle -> handle.execute("""
                    UPDATE token_blocklist SET expires_at = '2100-01-02T00:00:00Z' WHERE kind = 'all'
                    """));

            stream.await("revoked", each -> each.data().path("exp").asLong() == 4102531200L);
        }
        try (EventStream stream = open(key)) {
            assertThat(stream.await("snapshot").data().path("revoked_until").asLong())
                    .isEqualTo(until.getEpochSecond());
        }
    }

    @Test
    void answerIsAnEventStreamThatNobodyStores() {
        try (EventStream stream = open(key)) {
            stream.await("beat");

            assertThat(stream.status()).isEqualTo(200);
            assertThat(stream.headers().allValues("Content-Type")).containsExactly("text/event-stream");
            assertThat(stream.headers().allValues("Cache-Control")).containsExactly("no-store");
            assertThat(stream.headers().allValues("Connection")).containsExactly("close");
            assertThat(stream.headers().allValues("X-Accel-Buffering")).containsExactly("no");
            assertThat(stream.headers().firstValue("X-Request-Id")).isPresent();
            assertThat(stream.headers().firstValue("traceresponse")).isPresent();
        }
    }

    @Test
    void headOpensNoStream() {
        Reply reply = api.send(api.request("/revocations", key).method("HEAD", BodyPublishers.noBody()));

        reply.expect(200);
        assertThat(reply.header("Content-Type")).isEqualTo("text/event-stream");
        assertThat(reply.text()).isEmpty();
        assertThat(ROSTER.count("roster_revocation_streams")).isZero();
    }

    @Test
    void callersNeedAKeyWithTheScope() {
        api.get("/revocations", null).expectProblem(401, "unauthenticated");
        api.get("/revocations", api.newUser().token()).expectProblem(401, "unauthenticated");
        api.get("/revocations", TestKeys.make(ROSTER.jdbi(), Scope.INTROSPECT))
                .expectProblem(403, "insufficient-scope");
        api.send(api.request("/revocations", key).header("Accept", "application/json"))
                .expectProblem(406, "not-acceptable");
    }

    @Test
    void keyHasFourStreams() {
        List<EventStream> streams = Stream.generate(() -> open(key)).limit(4).toList();
        streams.forEach(stream -> stream.await("beat"));

        Reply refused = api.get("/revocations", key).expectProblem(429, "too-many-requests");

        assertThat(refused.header("Retry-After")).isEqualTo("1");
        streams.get(0).close();
        Poll.until(
                "a place is free", PATIENCE, () -> api.get("/revocations", key).status() == 200);
    }

    @Test
    void nodeHasSixtyFourStreams() {
        List<EventStream> streams = Stream.generate(() -> TestKeys.make(ROSTER.jdbi(), Scope.REVOCATIONS))
                .limit(16)
                .flatMap(each -> Stream.generate(() -> open(each)).limit(4))
                .toList();
        streams.forEach(stream -> stream.await("beat"));
        assertThat(ROSTER.count("roster_revocation_streams")).isEqualTo(64);

        api.get("/revocations", key).expectProblem(503, "unavailable");

        UUID id = revoke("interval '1 hour'");
        streams.forEach(stream -> stream.await("revoked", event -> event.revokes(id)));
    }

    /** Not at the next request only: a stream is one request. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "revoked_at = now()",
                "expires_at = now()",
                "expires_at = now() + interval '1 second'",
                "scopes = '{introspect}'"
            })
    void streamEndsWithItsKey(String change) {
        EventStream bystander = open(TestKeys.make(ROSTER.jdbi(), Scope.REVOCATIONS));
        EventStream stream = open(key);
        stream.await("beat");

        ROSTER.jdbi()
                .useHandle(
                        handle -> handle.execute("UPDATE api_keys SET " + change + " WHERE id = ?", TestKeys.id(key)));

        stream.awaitEnd();
        bystander.awaitNext("beat");
    }

    @Test
    void streamEndsWhenItsNodeStops() throws Exception {
        RosterExtension node = new RosterExtension();
        node.start();
        EventStream stream = EventStream.open(node.api().base(), TestKeys.make(node.jdbi(), Scope.REVOCATIONS));
        stream.await("beat");

        node.stop();

        stream.awaitEnd();
    }

    private UUID revoke(String lifetime) {
        UUID id = UUID.randomUUID();
        ROSTER.jdbi()
                .useHandle(handle -> handle.execute(
                        "INSERT INTO token_blocklist (id, kind, expires_at) VALUES (?, 'token', now() + " + lifetime
                                + ")",
                        id));
        return id;
    }

    /** A beat proves that memory has everything that was committed before it. */
    private void awaitAllInMemory() {
        Instant written = now();
        try (EventStream stream = open(key)) {
            stream.await("beat", event -> !time(event).isBefore(written));
        }
    }

    private static Instant now() {
        return ROSTER.jdbi().withHandle(handle -> handle.createQuery("SELECT clock_timestamp()")
                .mapTo(Instant.class)
                .one());
    }

    private static Instant time(Event beat) {
        return Instant.parse(beat.data().path("complete_until").asText());
    }
}
