package dev.roster.command.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestSession;
import dev.roster.support.http.Api.TestUser;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Shorter and fewer sessions, without a grace period. */
class SessionSettingsIT {
    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension()
            .with("SESSION_IDLE_LIFETIME", "2h")
            .with("SESSION_LIFETIME", "90m")
            .with("REFRESH_GRACE", "0s")
            .with("SESSIONS_PER_USER", "3");

    private final Api api = ROSTER.api();
    private final TestUser user = api.newUser();

    @Test
    void sessionLifetimeLimitsTheRefreshToken() {
        JsonNode login = api.login(user.email(), Api.PASSWORD).expect(200).body();
        assertThat(login.path("refresh_expires_in").intValue()).isEqualTo(90 * 60);

        JsonNode refreshed =
                api.refresh(login.path("refresh_token").asText()).expect(200).body();

        assertThat(refreshed.path("refresh_expires_in").intValue()).isBetween(89 * 60, 90 * 60);
    }

    @Test
    void reuseEndsTheSessionWithoutAGracePeriod() {
        TestSession session = api.newSession(user);
        TestSession refreshed = api.refreshed(session.refreshToken());

        api.refresh(session.refreshToken()).expectInvalidToken();

        api.refresh(refreshed.refreshToken()).expectInvalidToken();
        api.get(user.path(), refreshed.accessToken()).expectInvalidToken();
    }

    @Test
    void longestUnusedSessionEndsWhenThereAreTooMany() {
        TestSession second = api.newSession(user);
        TestSession third = api.newSession(user);
        ROSTER.jdbi()
                .useHandle(handle -> handle.execute(
                        "UPDATE sessions SET last_used_at = now() - interval '1 h' WHERE id = ?", second.id()));

        TestSession fourth = api.newSession(user);

        api.get(user.path(), second.accessToken()).expectInvalidToken();
        api.refresh(second.refreshToken()).expectInvalidToken();
        for (String token : List.of(user.token(), third.accessToken(), fourth.accessToken())) {
            api.get(user.path(), token).expect(200);
        }
        List<String> ended = ROSTER.jdbi().withHandle(handle -> handle.createQuery(
                        "SELECT details FROM audit_events WHERE type = 'session_ended' AND session_id = ?")
                .bind(0, second.id())
                .mapTo(String.class)
                .list());
        assertThat(ended).containsExactly("too_many_sessions");
    }
}
