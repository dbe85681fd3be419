package dev.roster.command.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Concurrently;
import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The table {@code last_logins}. */
class LastLoginIT {
    private static final int AT_ONCE = 16;

    @RegisterExtension
    static final RosterExtension ROSTER = RosterExtension.shared();

    private final Api api = ROSTER.api();

    @Test
    void registrationIsNoLogin() {
        UUID id = register(Api.newEmail());

        assertThat(secondsSinceLogin(id)).isEmpty();
    }

    @Test
    void loginIsNotedOnceAMinute() {
        TestUser user = api.newUser();
        assertThat(secondsSinceLogin(user.id())).hasSize(1);

        shiftLogin(user, 50);
        api.newToken(user.email());
        assertThat(secondsSinceLogin(user.id())).first().asString().matches("5[0-9]");

        shiftLogin(user, 3600);
        api.newToken(user.email());
        assertThat(secondsSinceLogin(user.id())).singleElement().matches(seconds -> seconds < 60);
    }

    @Test
    void wrongPasswordAndRefreshAreNoLogins() {
        TestUser user = api.newUser();
        Api.TestSession session = api.newSession(user);
        shiftLogin(user, 3600);

        api.login(user.email(), "Wrong-Horse-9").expect(401);
        api.refreshed(session.refreshToken());

        assertThat(secondsSinceLogin(user.id())).singleElement().matches(seconds -> seconds >= 3600);
    }

    @Test
    void loginsAtOnceAllSucceed() throws Exception {
        String email = Api.newEmail();
        UUID id = register(email);

        assertThat(Concurrently.run(AT_ONCE, i -> api.login(email, Api.PASSWORD)))
                .extracting(Reply::status)
                .containsOnly(200);

        assertThat(secondsSinceLogin(id)).hasSize(1);
    }

    @Test
    void lastLoginIsDeletedWithItsUser() {
        TestUser user = api.newUser();

        api.delete(user.path(), user.token()).expect(204);

        assertThat(secondsSinceLogin(user.id())).isEmpty();
    }

    private UUID register(String email) {
        Reply reply = api.register(Api.newBody(email)).expect(201);
        return UUID.fromString(reply.body().path("id").asText());
    }

    private static void shiftLogin(TestUser user, int seconds) {
        ROSTER.jdbi()
                .useHandle(handle -> handle.execute(
                        "UPDATE last_logins SET last_login_at = now() - make_interval(secs => ?) WHERE user_id = ?",
                        seconds,
                        user.id()));
    }

    private static List<Integer> secondsSinceLogin(UUID userId) {
        return ROSTER.jdbi().withHandle(handle -> handle.select(
                        "SELECT floor(extract(epoch FROM clock_timestamp() - last_login_at))"
                                + " FROM last_logins WHERE user_id = ?",
                        userId)
                .mapTo(Integer.class)
                .list());
    }
}
