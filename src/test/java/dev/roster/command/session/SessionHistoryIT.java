package dev.roster.command.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.command.session.SessionHistory.End;
import dev.roster.command.session.SessionHistory.Event;
import dev.roster.support.RosterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Checks what 32 uncoordinated threads observe of one user's sessions. */
class SessionHistoryIT {
    /** The grace period outlasts the test, so a token that is refused was revoked. */
    @RegisterExtension
    static final RosterExtension PATIENT = new RosterExtension().with("REFRESH_GRACE", "5m");

    /** Without a grace period, a spent token that is presented again ends its session. */
    @RegisterExtension
    static final RosterExtension STRICT = new RosterExtension().with("REFRESH_GRACE", "0s");

    @Test
    void tokensWorkUntilTheirSessionEndsAndNeverAfterwards() throws Exception {
        SessionHistory history = SessionHistory.of(PATIENT.api());

        assertPlausible(history);
        assertThat(history.ends()).extracting(End::name).contains("log out", "end", "end all", "change password");
        assertThat(history.events()).filteredOn(history::isAcceptedAfterItsEnd).isEmpty();
        assertThat(history.events()).filteredOn(history::isRefusedWithoutAnEnd).isEmpty();
        assertThat(history.forks()).as("sessions with two live refresh tokens").isEmpty();
        assertThat(reuses(PATIENT)).isZero();
    }

    @Test
    void reusedTokenEndsItsSessionForAllThreads() throws Exception {
        SessionHistory history = SessionHistory.of(STRICT.api());

        assertPlausible(history);
        assertThat(reuses(STRICT)).isPositive();
        assertThat(history.events()).filteredOn(history::isAcceptedAfterItsEnd).isEmpty();
    }

    private static void assertPlausible(SessionHistory history) {
        assertThat(history.events()).extracting(Event::status).isSubsetOf(200, 204, 401, 404, 412);
        assertThat(history.events())
                .filteredOn(event -> event.name().equals("refresh") && event.status() == 200)
                .hasSizeGreaterThan(SessionHistory.THREADS);
    }

    private static int reuses(RosterExtension roster) {
        return roster.jdbi().withHandle(handle -> handle.createQuery(
                        "SELECT count(*) FROM token_blocklist WHERE reason = 'refresh_token_reused'")
                .mapTo(Integer.class)
                .one());
    }
}
