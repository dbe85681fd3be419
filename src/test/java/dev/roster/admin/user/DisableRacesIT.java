package dev.roster.admin.user;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Concurrently;
import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestKeys;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.http.AdminApi;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestSession;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A person is disabled on one of three nodes, while 64 requests of theirs log in and refresh on all of them. */
class DisableRacesIT {
    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int REQUESTS = 64;

    @RegisterExtension
    static final RosterExtension A = new RosterExtension().on(DATABASE);

    @RegisterExtension
    static final RosterExtension B = new RosterExtension().on(DATABASE);

    @RegisterExtension
    static final RosterExtension C = new RosterExtension().on(DATABASE);

    private final List<Api> nodes = List.of(A.api(), B.api(), C.api());
    private final AdminApi admin = new AdminApi(A.admin(), TestKeys.makeForAll(A.jdbi()));

    @RepeatedTest(5)
    void noTokenOutlivesADisableAndTheLoginAfterEnableWorksAtOnce() throws Exception {
        TestUser user = A.api().newUser();
        String path = "/users/" + user.id();
        List<TestSession> sessions = IntStream.range(0, REQUESTS / 2)
                .mapToObj(i -> A.api().newSession(user))
                .toList();

        List<Reply> replies = Concurrently.run(REQUESTS + 1, i -> {
            if (i == REQUESTS) {
                return admin.post(path + "/disable").expect(200);
            }
            Api node = nodes.get(i % nodes.size());
            return i < sessions.size()
                    ? node.refresh(sessions.get(i).refreshToken())
                    : node.login(user.email(), Api.PASSWORD);
        });

        assertThat(replies).extracting(Reply::status).isSubsetOf(200, 401, 403);
        assertThat(rows("sessions", user)).isZero();
        List<TestSession> issued = Stream.concat(
                        sessions.stream(),
                        replies.subList(0, REQUESTS).stream()
                                .filter(reply -> reply.status() == 200)
                                .map(TestSession::of))
                .toList();
        for (TestSession session : issued) {
            A.api().get("/users/me", session.accessToken()).expectInvalidToken();
            for (Api node : nodes) {
                Poll.until(
                        "the token is refused",
                        PATIENCE,
                        () -> node.get("/users/me", session.accessToken()).status() == 401);
            }
            nodes.get(1).refresh(session.refreshToken()).expectInvalidToken();
        }

        admin.post(path + "/enable").expect(200);

        for (Api node : nodes) {
            TestSession opened =
                    TestSession.of(node.login(user.email(), Api.PASSWORD).expect(200));
            for (Api other : nodes) {
                other.get("/users/me", opened.accessToken()).expect(200);
            }
            node.refreshed(opened.refreshToken());
        }
        assertThat(issued)
                .allSatisfy(session ->
                        nodes.get(2).get("/users/me", session.accessToken()).expectInvalidToken());
    }

    private static long rows(String table, TestUser user) {
        return Objects.requireNonNull(DATABASE.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT count(*) FROM " + table + " WHERE user_id = ?")
                        .bind(0, user.id())
                        .mapTo(Long.class)
                        .one()));
    }
}
