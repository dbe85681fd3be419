package dev.roster.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Concurrently;
import dev.roster.support.RosterExtension;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestSession;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Limits on what one person does with the right password or token, on two nodes. */
class PersonLimitIT {
    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final int AT_ONCE = 20;

    @RegisterExtension
    static final RosterExtension ONE = node();

    @RegisterExtension
    static final RosterExtension OTHER = node();

    private static final String NEXT_PASSWORD = "Another-Horse-9";

    private final TestUser user = ONE.api().newUser(); // with one login

    private static RosterExtension node() {
        return new RosterExtension()
                .on(DATABASE)
                .with("TRUSTED_PROXIES", "127.0.0.1")
                .with("LOGINS", "1")
                .with("LOGINS_AT_ONCE", Integer.toString(AT_ONCE))
                .with("CHANGES", "1")
                .with("CHANGES_AT_ONCE", Integer.toString(AT_ONCE))
                .with("REFRESHES", "1")
                .with("REFRESHES_AT_ONCE", "1");
    }

    /** R8 */
    @Test
    void changesOfOnePersonAreLimited() {
        for (int i = 0; i < AT_ONCE; i++) {
            rename(i, user).expect(200);
        }

        requireRefused("change", rename(0, user));
        requireRefused("change", rename(1, user));
        requireRefused(
                "change",
                rename(0, new TestUser(user.id(), user.email(), OTHER.api().newToken(user.email()))));
        assertThat(ONE.api().get("/users/me", user.token()).body().path("name").asText())
                .isEqualTo("Name " + (AT_ONCE - 1));
        assertThat(events("details_changed")).hasSize(AT_ONCE);
        assertThat(events("limit_hit")).containsExactly("change");
        rename(0, ONE.api().newUser()).expect(200);
    }

    /** B2 */
    @Test
    void simultaneousChangesDoNotExceedTheLimit() throws Exception {
        List<Reply> replies = Concurrently.run(64, i -> rename(i, user));

        assertThat(replies).extracting(Reply::status).containsOnly(200, 429);
        // A minute later, one more.
        assertThat(count(replies, 200)).isBetween(AT_ONCE, AT_ONCE + 1);
        assertThat(events("details_changed")).hasSize(count(replies, 200));
    }

    /** R8: each of them locks and writes rows, too. */
    @Test
    void changesThatConflictAreCounted() {
        String taken = ONE.api().newUser().email();
        for (int i = 0; i < AT_ONCE; i += 2) {
            node(i).api()
                    .put(user.path(), user.token(), Map.of("name", "B"), "\"99\"")
                    .expect(412);
            node(i).api().put(user.path(), user.token(), Map.of("email", taken)).expectProblem(409, "email-taken");
        }

        requireRefused("change", rename(0, user));
        requireRefused("change", ONE.api().put(user.path(), user.token(), Map.of("name", "B"), "\"99\""));
        requireRefused("change", OTHER.api().put(user.path(), user.token(), Map.of("email", taken)));
        assertThat(events("limit_hit")).containsExactly("change");
        assertThat(events("details_changed")).isEmpty();
        assertThat(ONE.api().get(user.path(), user.token()).header("ETag")).isEqualTo("\"1\"");
    }

    /** R8: at whichever path. */
    @Test
    void changesThatWereMadeToAnOldCopyAreCounted() {
        Map<String, String> old = Map.of("name", "B", "updated_at", "2000-01-01T00:00:00Z");
        for (int i = 0; i < AT_ONCE; i += 2) {
            node(i).api().put(user.path(), user.token(), old).expectInvalid("updated_at");
            node(i).api().put("/users/me", user.token(), old).expectInvalid("updated_at");
        }

        requireRefused("change", rename(0, user));
        requireRefused("change", ONE.api().put("/users/me", user.token(), Map.of("name", "B")));
        assertThat(events("details_changed")).isEmpty();
    }

    @Test
    void newPasswordsThatConflictAreCounted() {
        for (int i = 0; i < AT_ONCE; i++) {
            node(i).api()
                    .put(
                            user.path(),
                            user.token(),
                            Map.of("password", NEXT_PASSWORD, "current_password", Api.PASSWORD),
                            "\"99\"")
                    .expect(412);
        }

        requireRefused("change", changePassword(0, Api.PASSWORD, NEXT_PASSWORD));
        rename(0, user).expect(200);
        ONE.api().login(user.email(), Api.PASSWORD).expect(200);
    }

    @Test
    void malformedChangesAreNotCounted() {
        for (int i = 0; i < AT_ONCE; i++) {
            ONE.api().put(user.path(), user.token(), Map.of("name", "")).expect(422);
        }

        for (int i = 0; i < AT_ONCE; i++) {
            rename(i, user).expect(200);
        }
        requireRefused("change", rename(0, user));
    }

    /** B3: a thief of the token, who does not know the password, cannot use up the owner's password changes. */
    @Test
    void ownerSetsANewPasswordAlthoughTheChangesAreUsedUp() {
        for (int i = 0; i < AT_ONCE; i++) {
            rename(i, user).expect(200);
        }
        requireRefused("change", rename(0, user));

        changePassword(0, Api.PASSWORD, NEXT_PASSWORD).expect(200);
    }

    @Test
    void newPasswordsOfOnePersonAreLimited() {
        for (int i = 0; i < AT_ONCE; i++) {
            boolean isEven = i % 2 == 0;
            changePassword(i, isEven ? Api.PASSWORD : NEXT_PASSWORD, isEven ? NEXT_PASSWORD : Api.PASSWORD)
                    .expect(200);
        }

        requireRefused("change", changePassword(0, Api.PASSWORD, NEXT_PASSWORD));
        requireRefused("change", changePassword(1, Api.PASSWORD, NEXT_PASSWORD));
        rename(0, user).expect(200);
        assertThat(events("password_changed")).hasSize(AT_ONCE);
        assertThat(events("limit_hit")).containsExactly("change");
    }

    /** R8; E1: only somebody with the right password learns that the limit is reached. */
    @Test
    void loginsOfOnePersonAreLimited() {
        for (int i = 1; i < AT_ONCE; i++) {
            logIn(i, Api.PASSWORD).expect(200);
        }

        requireRefused("login", logIn(0, Api.PASSWORD));
        requireRefused("login", logIn(1, Api.PASSWORD));
        logIn(0, "wrong").expectProblem(401, "invalid-credentials");
        logIn(1, "wrong").expectProblem(401, "invalid-credentials");
        TestUser another = ONE.api().newUser();
        ONE.api().newToken(another.email());
        assertThat(events("logged_in")).hasSize(AT_ONCE);
        assertThat(events("limit_hit")).containsExactly("login");
        assertThat(sessions()).isEqualTo(AT_ONCE);
    }

    /** B2 */
    @Test
    void simultaneousLoginsDoNotExceedTheLimit() throws Exception {
        List<Reply> replies = Concurrently.run(64, i -> logIn(i, Api.PASSWORD));

        assertThat(replies).extracting(Reply::status).containsOnly(200, 429);
        // A minute later, one more.
        assertThat(count(replies, 200)).isBetween(AT_ONCE - 1, AT_ONCE);
        assertThat(events("logged_in")).hasSize(1 + count(replies, 200));
        assertThat(sessions()).isEqualTo(1 + count(replies, 200));
    }

    /** R8: past all limits, a client can still read and get out. */
    @Test
    void readingAndLeavingAreNotLimited() {
        List<TestSession> sessions = new ArrayList<>();
        for (int i = 1; i < AT_ONCE; i++) {
            sessions.add(TestSession.of(logIn(i, Api.PASSWORD).expect(200)));
        }
        for (int i = 0; i < AT_ONCE; i++) {
            rename(i, user).expect(200);
        }
        requireRefused("login", logIn(0, Api.PASSWORD));
        requireRefused("change", rename(0, user));

        ONE.api().get("/users/me", user.token()).expect(200);
        ONE.api().refresh(sessions.get(0).refreshToken()).expect(200);
        ONE.api().logout(sessions.get(1).accessToken()).expect(204);
        ONE.api()
                .delete(user.sessionsPath() + "/" + sessions.get(2).id(), user.token())
                .expect(204);
        TestSession last = sessions.get(3);
        ONE.api().delete(user.path(), last.accessToken()).expect(204);
        ONE.api().get("/users/me", last.accessToken()).expect(401);
    }

    /** R8: each event stays in the audit trail for months, so refusals do not make many. */
    @Test
    void refusedRefreshesOfOnePersonAreRecordedSeldom() {
        int many = 15;
        for (int i = 0; i < many; i++) {
            String token = TestSession.of(logIn(i, Api.PASSWORD).expect(200)).refreshToken();
            String next = TestSession.of(ONE.api().refresh(token).expect(200)).refreshToken();
            OTHER.api().refresh(next).expectProblem(429, "too-many-requests");
        }

        // A minute later, one more.
        assertThat(events("limit_hit")).hasSizeBetween(10, 11).containsOnly("refresh");
    }

    private Reply rename(int i, TestUser who) {
        return node(i).api().put(who.path(), who.token(), Map.of("name", "Name " + i));
    }

    private Reply changePassword(int i, String current, String next) {
        return node(i).api().put(user.path(), user.token(), Map.of("password", next, "current_password", current));
    }

    private Reply logIn(int i, String password) {
        return Client.of(node(i), "192.0.2." + (i + 1)).login(user.email(), password);
    }

    private static RosterExtension node(int i) {
        return i % 2 == 0 ? ONE : OTHER;
    }

    private static int count(List<Reply> replies, int status) {
        return (int) replies.stream().filter(reply -> reply.status() == status).count();
    }

    private static void requireRefused(String limit, Reply refused) {
        refused.expectProblem(429, "too-many-requests");
        String seconds = refused.header("Retry-After");
        assertThat(Integer.parseInt(String.valueOf(seconds))).isBetween(1, 60);
        assertThat(refused.header("RateLimit-Policy")).isEqualTo("\"" + limit + "\";q=20;w=1200");
        assertThat(refused.header("RateLimit")).isEqualTo("\"" + limit + "\";r=0;t=" + seconds);
    }

    /** The details of the user's events of a type. */
    private List<String> events(String type) {
        return DATABASE.jdbi().withHandle(handle -> handle.createQuery(
                        "SELECT coalesce(details, '') FROM audit_events WHERE target_id = ? AND type = ?")
                .bind(0, user.id())
                .bind(1, type)
                .mapTo(String.class)
                .list());
    }

    private int sessions() {
        return DATABASE.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT count(*) FROM sessions WHERE user_id = ?")
                        .bind(0, user.id())
                        .mapTo(int.class)
                        .one());
    }
}
