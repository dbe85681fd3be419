package dev.roster.token.signing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestKeys;
import dev.roster.support.TestTokens;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.fault.Link;
import dev.roster.support.http.AdminApi;
import dev.roster.support.http.Api.TestSession;
import dev.roster.support.http.Reply;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The signing key is rotated on one node, while another is cut off from the database. */
class RotationFaultsIT {
    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final Link QUERIES = Link.to(DATABASE.url());
    private static final Link FEED = Link.to(DATABASE.url());
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @RegisterExtension
    static final RosterExtension WELL = node();

    @RegisterExtension
    static final RosterExtension FAULTY =
            node().with("DATABASE_URL", QUERIES.url()).with("FEED_DATABASE_URL", FEED.url());

    private final AdminApi admin = new AdminApi(WELL.admin(), TestKeys.makeForAll(DATABASE.jdbi()));
    private TestSession session = WELL.api().newSession(WELL.api().newUser());
    private TestSession sessionOfTheOther = WELL.api().newSession(WELL.api().newUser());

    private static RosterExtension node() {
        return new RosterExtension()
                .on(DATABASE)
                .with("TOKEN_ALGORITHM", "ES256")
                .with("KEY_LEAD", "1s")
                .with("REFRESHES", "0")
                .with("API_KEY_REQUESTS", "0");
    }

    private enum Fault {
        FEED_CUT,
        FEED_HALF_OPEN,
        ALL_CUT,
        ALL_HALF_OPEN;

        void befall() {
            links().forEach(name().endsWith("CUT") ? Link::cut : Link::halfOpen);
        }

        private Stream<Link> links() {
            return name().startsWith("ALL") ? Stream.of(FEED, QUERIES) : Stream.of(FEED);
        }
    }

    @AfterEach
    void restore() {
        Stream.of(FEED, QUERIES).forEach(Link::restore);
    }

    @AfterAll
    static void close() {
        Stream.of(FEED, QUERIES).forEach(Link::close);
    }

    /** It signs with the earlier key, or with the new one once other nodes do, or does not answer. */
    @ParameterizedTest
    @EnumSource
    void nodeThatIsCutOffIssuesNothingThatOthersRefuse(Fault fault) {
        FAULTY.api().get("/users/me", session.accessToken()).expect(200);
        fault.befall();
        String kid = admin.post("/keys/rotation").expect(201).body().path("kid").asText();
        Instant latest = Instant.now().plus(PATIENCE);

        do {
            assertThat(Instant.now()).isBefore(latest);
            boolean unused = refreshOnFaulty();
            sessionOfTheOther = WELL.api().refreshed(sessionOfTheOther.refreshToken());
        } while (!kid(sessionOfTheOther.accessToken()).equals(kid));
        for (int i = 0; i < 5; i++) {
            boolean unused = refreshOnFaulty();
        }

        recover(kid);
    }

    /** Also a node that hears of nothing does not accept the key that has leaked for longer than a second. */
    @ParameterizedTest
    @EnumSource
    void nodeThatIsCutOffRefusesTheKeyThatHasLeaked(Fault fault) {
        FAULTY.api().get("/users/me", session.accessToken()).expect(200);
        fault.befall();
        String kid = admin.post("/keys/rotation", Map.of("now", true))
                .expect(201)
                .body()
                .path("kid")
                .asText();
        String leaked = session.accessToken();
        WELL.api().get("/users/me", leaked).expectInvalidToken();

        Poll.until(
                "the node accepts the token no more",
                PATIENCE,
                () -> FAULTY.api().get("/users/me", leaked).status() != 200);

        for (int i = 0; i < 5; i++) {
            assertThat(FAULTY.api().get("/users/me", leaked).status()).isIn(401, 503);
            boolean unused = refreshOnFaulty();
        }
        recover(kid);
        FAULTY.api().get("/users/me", session.accessToken()).expect(200);
        FAULTY.api().get("/users/me", leaked).expectInvalidToken();
    }

    /** Returns whether the node gives a token. The other node must accept it. */
    private boolean refreshOnFaulty() {
        Reply refresh;
        try {
            refresh = FAULTY.api().refresh(session.refreshToken());
        } catch (IllegalStateException e) {
            assertThat(e).hasMessage("No answer"); // a service that is too late closes the connection
            return false;
        }
        assertThat(refresh.status()).isIn(200, 503);
        if (refresh.status() == 200) {
            session = TestSession.of(refresh);
            WELL.api().get("/users/me", session.accessToken()).expect(200);
        }
        return refresh.status() == 200;
    }

    private void recover(String kid) {
        restore();
        Poll.until(
                "the node signs with the new key",
                PATIENCE,
                () -> refreshOnFaulty() && kid(session.accessToken()).equals(kid));
    }

    private static String kid(String token) {
        return TestTokens.readHeader(token).path("kid").asText();
    }
}
