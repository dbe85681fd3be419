package dev.roster.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestSession;
import dev.roster.support.http.Api.TestUser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A 0 in any part of a limit switches the limit off. */
class LimitsOffIT {
    private static final int MANY = 10;

    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension()
            .with("LOGIN_FAILURES", "1")
            .with("LOGIN_FAILURES_ANYWHERE", "1")
            .with("LOGIN_LONGEST_DELAY", "0s")
            .with("ADDRESS_FAILURES", "0")
            .with("REGISTRATIONS", "1")
            .with("REGISTRATIONS_AT_ONCE", "0")
            .with("REFRESHES", "1")
            .with("REFRESHES_AT_ONCE", "0");

    private final Api api = ROSTER.api();

    @Test
    void registrationsAreNotLimited() {
        for (int i = 0; i < MANY; i++) {
            api.register(Api.newBody(Api.newEmail())).expect(201);
        }
    }

    @Test
    void refreshesAreNotLimited() {
        TestSession session = api.newSession(api.newUser());
        for (int i = 0; i < MANY; i++) {
            session = api.refreshed(session.refreshToken());
        }
    }

    @Test
    void wrongPasswordsAreNotLimited() {
        TestUser user = api.newUser();
        for (int i = 0; i < MANY; i++) {
            api.login(user.email(), "wrong").expect(401);
        }
        api.login(user.email(), Api.PASSWORD).expect(200);
    }

    /** From a network that no owner has used. */
    @Test
    void wrongPasswordsOfAnUnknownAccountAreNotLimited() {
        String email = Api.newEmail();
        for (int i = 0; i < MANY; i++) {
            api.login(email, "wrong").expect(401);
        }
        int recorded = ROSTER.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT count(*) FROM audit_events WHERE type = 'limit_hit'")
                        .mapTo(int.class)
                        .one());
        assertThat(recorded).isZero();
    }
}
