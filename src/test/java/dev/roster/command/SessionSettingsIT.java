package dev.roster.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.support.Api;
import dev.roster.support.Api.TestSession;
import dev.roster.support.Api.TestUser;
import dev.roster.support.RosterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Sessions of other lengths, and no grace. */
class SessionSettingsIT {
    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension()
            .with("SESSION_IDLE_LIFETIME", "2h")
            .with("SESSION_LIFETIME", "90m")
            .with("REFRESH_GRACE", "0s");

    private final Api api = ROSTER.api();
    private final TestUser user = api.newUser();

    @Test
    void boundASessionFromItsBeginning() {
        JsonNode login = api.login(user.email(), Api.PASSWORD).expect(200).body();
        assertThat(login.path("refresh_expires_in").intValue()).isEqualTo(90 * 60);

        JsonNode refreshed =
                api.refresh(login.path("refresh_token").asText()).expect(200).body();

        assertThat(refreshed.path("refresh_expires_in").intValue()).isBetween(89 * 60, 90 * 60);
    }

    @Test
    void endASessionOfWhichATokenIsUsedTwice() {
        TestSession session = api.newSession(user);
        TestSession refreshed = api.refreshed(session.refreshToken());

        api.refresh(session.refreshToken()).expectInvalidToken();

        api.refresh(refreshed.refreshToken()).expectInvalidToken();
        api.get(user.path(), refreshed.accessToken()).expectInvalidToken();
    }
}
