package dev.roster.support.database;

import static org.assertj.core.api.Assertions.assertThat;

import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class StandbyIT {
    private static final PrivatePostgres PRIMARY = new PrivatePostgres();
    private static final TestDatabase DATABASE = TestDatabase.migrated(PRIMARY);
    private static final PrivatePostgres STANDBY = PrivatePostgres.standbyOf(PRIMARY);

    private final Jdbi primary = DATABASE.jdbi();
    private final Jdbi standby = Jdbi.create(DATABASE.url(STANDBY), DATABASE.user(), DATABASE.password());

    @AfterAll
    static void stop() {
        STANDBY.close();
        PRIMARY.close();
    }

    @Test
    void standbyShowsWhatThePrimaryHasCommitted() {
        int before = count(standby);
        write();
        STANDBY.awaitReplayOf(PRIMARY);
        assertThat(count(standby)).isEqualTo(before + 1);
    }

    @Test
    void standbyShowsNothingNewWhileReplayIsPaused() {
        STANDBY.pauseReplay();
        int before = count(standby);
        write();
        assertThat(count(standby)).isEqualTo(before);

        STANDBY.resumeReplay();
        STANDBY.awaitReplayOf(PRIMARY);
        assertThat(count(standby)).isEqualTo(before + 1);
    }

    @Test
    void standbyFollowsAPrimaryThatWasKilled() {
        int before = count(standby);
        PRIMARY.kill();
        PRIMARY.start();
        write();
        STANDBY.awaitReplayOf(PRIMARY);
        assertThat(count(standby)).isEqualTo(before + 1);
    }

    @Test
    void standbyCatchesUpAfterItWasKilled() {
        int before = count(standby);
        STANDBY.kill();
        write();
        STANDBY.start();
        STANDBY.awaitReplayOf(PRIMARY);
        assertThat(count(standby)).isEqualTo(before + 1);
    }

    private void write() {
        primary.useHandle(handle -> handle.execute("""
                INSERT INTO token_blocklist (id, kind, user_id, reason, expires_at)
                VALUES (gen_random_uuid(), 'token', gen_random_uuid(), 'logout', now() + interval '1 hour')
                """));
    }

    private static int count(Jdbi jdbi) {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT count(*) FROM token_blocklist")
                .mapTo(Integer.class)
                .one());
    }
}
