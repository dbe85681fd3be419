package dev.roster.integration.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.apikey.Scope;
import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestKeys;
import dev.roster.support.TestTokens;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.fault.Link;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.EventStream;
import dev.roster.support.http.EventStream.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The streams of a node whose feed is lost, while other nodes, this node and the database revoke tokens. */
class StreamFaultsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final Link FEED = Link.to(DATABASE.url());

    @RegisterExtension
    static final RosterExtension NODE = new RosterExtension().on(DATABASE);

    @RegisterExtension
    static final RosterExtension LOST = new RosterExtension().on(DATABASE).with("FEED_DATABASE_URL", FEED.url());

    private final Api node = NODE.api();
    private final Api lost = LOST.api();
    private final String key = TestKeys.make(DATABASE.jdbi(), Scope.REVOCATIONS);

    @AfterEach
    void restore() {
        FEED.restore();
        Poll.until("fresh", PATIENCE, () -> LOST.count("roster_feed_fresh") == 1);
    }

    @AfterAll
    static void closeLink() {
        FEED.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void streamIsSilentWhileTheFeedIsLostAndThenTellsWhatItMissed(boolean isCut) {
        TestUser onOther = node.newUser();
        TestUser onSame = lost.newUser();
        UUID byHand = UUID.randomUUID();
        try (EventStream stream = EventStream.open(lost.base(), key)) {
            EventStream left = EventStream.open(lost.base(), key);
            Event last = left.await("beat");
            left.close();
            stream.await("beat");
            lose(isCut);
            Instant begin = now();
            int before = stream.events().size();

            node.logout(onOther.token()).expect(204);
            lost.logout(onSame.token()).expect(204);
            DATABASE.jdbi().useHandle(handle -> handle.execute("""
                    INSERT INTO token_blocklist (id, kind, expires_at)
                    VALUES (?, 'token', now() + interval '1 hour')
                    """, byHand));
            node.newUser(); // takes some time
            assertThat(stream.events()).hasSize(before);
            FEED.restore();

            List<Object> ids = List.of(session(onOther), session(onSame), byHand);
            List<Event> told = ids.stream()
                    .map(id -> stream.await("revoked", event -> event.revokes(id)))
                    .toList();
            Event beat = stream.await("beat", event -> !time(event).isBefore(begin));
            assertThat(stream.events().indexOf(beat))
                    .isGreaterThan(told.stream()
                            .mapToInt(stream.events()::indexOf)
                            .max()
                            .orElseThrow());
            try (EventStream resumed = EventStream.open(lost.base(), key, last.id())) {
                ids.forEach(id -> resumed.await("revoked", event -> event.revokes(id)));
                resumed.await("beat");
                assertThat(resumed.events()).noneMatch(event -> event.name().equals("snapshot"));
            }
        }
    }

    private static void lose(boolean isCut) {
        if (isCut) {
            FEED.cut();
        } else {
            FEED.halfOpen();
        }
        Poll.until("not fresh", PATIENCE, () -> LOST.count("roster_feed_fresh") == 0);
    }

    private static String session(TestUser user) {
        return TestTokens.read(user.token()).path("sid").asText();
    }

    private static Instant now() {
        return DATABASE.jdbi().withHandle(handle -> handle.createQuery("SELECT clock_timestamp()")
                .mapTo(Instant.class)
                .one());
    }

    private static Instant time(Event beat) {
        return Instant.parse(beat.data().path("complete_until").asText());
    }
}
