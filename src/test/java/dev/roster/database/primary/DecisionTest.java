package dev.roster.database.primary;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DecisionTest {
    private static final long SYSTEM = 7;
    private static final String REPLICA = "it is read-only: it is a replica, or was not promoted";
    private static final String SUPERSEDED = "its timeline is older than the newest: another server was promoted";

    private static final Claim STANDBY = new Claim(SYSTEM, true, 0, "0/9");
    private static final @Nullable Claim SILENT = null;

    @Test
    void hostThatIsNotInRecoveryIsThePrimary() {
        assertOpen(decide(STANDBY, primary(1), STANDBY), 1, 1);
        assertOpen(decide(SILENT, primary(1)), 1, 1);
    }

    @Test
    void highestTimelineWins() {
        assertOpen(decide(primary(3), primary(4), STANDBY), 1, 4);
        assertOpen(decide(primary(3), STANDBY).after(Arrays.asList(primary(3), primary(4))), 1, 4);
    }

    @Test
    void lowerTimelineThanSeenIsNotUsed() {
        Decision promoted = decide(primary(3), primary(4));

        Decision old = promoted.after(Arrays.asList(primary(3), STANDBY));
        assertClosed(old, REPLICA);
        assertClosed(old.after(Arrays.asList(primary(3), SILENT)), SUPERSEDED);
        assertOpen(old.after(Arrays.asList(primary(3), primary(4))), 1, 4);
    }

    @Test
    void equalClaimsAreNotUsedUntilOneIsGivenUp() {
        Decision both = decide(primary(4), STANDBY).after(Arrays.asList(primary(4), primary(4)));

        assertClosed(both, "2 servers claim to be the primary on timeline 4");
        assertOpen(both.after(Arrays.asList(STANDBY, primary(4))), 1, 4);
        assertOpen(both.after(Arrays.asList(primary(4), primary(5))), 1, 5);
        assertClosed(both.after(Arrays.asList(primary(3), STANDBY)), SUPERSEDED);
    }

    @Test
    void silentPrimaryStaysWhileNoOtherIsPromoted() {
        Decision before = decide(primary(4), STANDBY);

        Decision silent = before.after(Arrays.asList(SILENT, STANDBY));
        assertOpen(silent, 0, 4);
        assertOpen(silent.after(Arrays.asList(SILENT, SILENT)), 0, 4);
        assertOpen(silent.after(Arrays.asList(SILENT, primary(5))), 1, 5);
    }

    @Test
    void demotedPrimaryIsNotUsed() {
        assertClosed(decide(primary(4), SILENT).after(Arrays.asList(STANDBY, SILENT)), REPLICA);
        assertClosed(decide(primary(4)).after(Arrays.asList(STANDBY)), REPLICA);
    }

    @Test
    void closedStaysClosedWhileTheHostIsSilent() {
        Decision closed = decide(primary(4)).after(Arrays.asList(STANDBY));

        assertClosed(closed.after(Arrays.asList(SILENT)), REPLICA);
        assertOpen(closed.after(Arrays.asList(primary(4))), 0, 4);
    }

    @Test
    void anotherSystemIsNotUsedAmongSeveralHosts() {
        Claim other = new Claim(SYSTEM + 1, false, 9, "0/9");

        assertOpen(decide(primary(4), STANDBY).after(Arrays.asList(primary(4), other)), 0, 4);
        assertClosed(
                decide(primary(4), STANDBY).after(Arrays.asList(other, STANDBY)), "it is of another database system");
        assertClosed(
                Decision.NONE.after(Arrays.asList(other, new Claim(SYSTEM, false, 9, "0/9"))),
                "the hosts belong to different database systems");
        assertClosed(
                Decision.NONE.after(Arrays.asList(other, primary(4))),
                "the hosts belong to different database systems");
        assertOpen(Decision.NONE.after(Arrays.asList(other, primary(4))).after(Arrays.asList(null, primary(4))), 1, 4);
    }

    /** An operator has pointed the address at a restored database. */
    @Test
    void anotherSystemIsUsedBehindOneAddress() {
        Decision moved = decide(primary(4)).after(Arrays.asList(new Claim(SYSTEM + 1, false, 1, "0/0")));

        assertOpen(moved, 0, 1);
        assertClosed(moved.after(Arrays.asList(new Claim(SYSTEM + 1, true, 0, "0/0"))), REPLICA);
    }

    @Test
    void oneAddressOnALowerTimelineIsNotUsed() {
        assertClosed(decide(primary(4)).after(Arrays.asList(primary(3))), SUPERSEDED);
    }

    @Test
    void nothingIsDecidedBeforeAHostAnswers() {
        assertThat(decide(SILENT, SILENT)).isEqualTo(Decision.NONE);
        assertClosed(decide(SILENT, STANDBY), REPLICA);
    }

    private static Claim primary(int timeline) {
        return new Claim(SYSTEM, false, timeline, "0/5");
    }

    private static Decision decide(@Nullable Claim... claims) {
        return Decision.NONE.after(Arrays.asList(claims));
    }

    private static void assertOpen(Decision decision, int host, int timeline) {
        assertThat(decision.reason()).isEmpty();
        assertThat(decision.host()).isEqualTo(host);
        assertThat(decision.timeline()).isEqualTo(timeline);
    }

    private static void assertClosed(Decision decision, String reason) {
        assertThat(decision.isOpen()).isFalse();
        assertThat(decision.reason()).isEqualTo(reason);
    }
}
