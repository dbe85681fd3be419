package dev.roster.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What two nodes do to the rows of one table. */
class OutboxIT {
    private final Parcels parcels = new Parcels();
    private final Outbox node = parcels.outbox();
    private final Outbox otherNode = parcels.outbox();

    @Test
    void aRowBelongsToOneNodeUntilItsLeaseEnds() {
        UUID id = parcels.write(1, "parcel", 0).get(0);

        assertThat(node.claim()).hasValue(new Claimed(id, "parcel", 1));
        assertThat(otherNode.claim()).isEmpty();
        assertThat(parcels.get(id, "lease_until > now() + interval '100 s'")).isEqualTo("true");

        parcels.set(id, "lease_until = now()");

        assertThat(otherNode.claim()).hasValue(new Claimed(id, "parcel", 2));
        assertThat(node.claim()).isEmpty();
    }

    @Test
    void theRowThatHasBeenDueForLongestComesFirst() {
        UUID newer = parcels.write(1, "parcel", 10).get(0);
        UUID older = parcels.write(1, "parcel", 20).get(0);
        UUID later = parcels.write(1, "parcel", 30).get(0);
        parcels.set(later, "next_at = now() + interval '1 hour'");

        assertThat(node.claim()).hasValue(new Claimed(older, "parcel", 1));
        assertThat(node.claim()).hasValue(new Claimed(newer, "parcel", 1));
        assertThat(node.claim()).isEmpty();
    }

    @Test
    void aNodeWhoseLeaseHasEndedUndoesNothingOfTheNext() {
        UUID id = parcels.write(1, "parcel", 0).get(0);
        Claimed late = node.claim().orElseThrow();
        parcels.set(id, "lease_until = now()");
        Claimed next = otherNode.claim().orElseThrow();

        assertThat(node.mark(late, Outcome.failed("late"))).isEmpty();
        assertThat(node.mark(late, Outcome.putOff("late"))).isEmpty();
        assertThat(parcels.state(id)).isEqualTo("due");
        assertThat(parcels.get(id, "failure")).isEqualTo("null");
        assertThat(parcels.get(id, "lease_until > now()")).isEqualTo("true");

        assertThat(otherNode.mark(next, Outcome.sent())).hasValue("sent");
        assertThat(node.mark(late, Outcome.failed("late"))).isEmpty();
        assertThat(otherNode.mark(next, Outcome.putOff("twice"))).isEmpty();
        assertThat(parcels.state(id)).isEqualTo("sent");
        assertThat(parcels.get(id, "failure")).isEqualTo("null");
    }

    @ParameterizedTest
    @CsvSource({
        "SENT, sent, an earlier one, true",
        "DROPPED, dropped, an earlier one, false",
        "FAILED, failed, smtp-550, false",
    })
    void theEndOfARowIsWrittenWithItsTime(Outcome.Result result, String state, String failure, boolean hasSentAt) {
        UUID id = parcels.write(1, "parcel", 60).get(0);
        parcels.set(id, "failure = 'an earlier one'");
        Claimed claimed = node.claim().orElseThrow();

        node.mark(claimed, new Outcome(result, result == Outcome.Result.FAILED ? "smtp-550" : null));

        assertThat(parcels.state(id)).isEqualTo(state);
        assertThat(parcels.get(id, "failure")).isEqualTo(failure);
        assertThat(parcels.get(id, "sent_at IS NOT NULL")).isEqualTo(Boolean.toString(hasSentAt));
        assertThat(parcels.get(id, "coalesce(sent_at, next_at) = next_at AND next_at > created_at + interval '59 s'"))
                .isEqualTo("true");
        assertThat(parcels.get(id, "lease_until")).isEqualTo("null");
        assertThat(node.claim()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1, 10", "2, 30", "3, 60", "4, 300", "5, 900", "6, 3600", "7, 3600", "25, 3600"})
    void thePauseGrowsWithEachAttempt(int attempt, int seconds) {
        UUID id = parcels.write(1, "parcel", 60).get(0);
        parcels.set(id, "attempts = " + (attempt - 1));
        Claimed claimed = node.claim().orElseThrow();
        String before = parcels.get(id, "clock_timestamp()");

        assertThat(node.mark(claimed, Outcome.putOff("timeout"))).hasValue("due");

        assertThat(parcels.get(id, """
                        next_at - interval '%d s' BETWEEN timestamptz '%s' AND clock_timestamp()
                        """.formatted(seconds, before))).isEqualTo("true");
        assertThat(parcels.get(id, "failure")).isEqualTo("timeout");
        assertThat(parcels.get(id, "lease_until")).isEqualTo("null");
        assertThat(node.claim()).isEmpty();
    }

    @Test
    void theLastAttemptIsADayAfterTheRowWasWritten() {
        UUID id = parcels.write(1, "parcel", 86_400 - 600).get(0);
        parcels.set(id, "attempts = 20");

        node.mark(node.claim().orElseThrow(), Outcome.putOff("smtp-421"));

        assertThat(parcels.state(id)).isEqualTo("due");
        assertThat(parcels.get(id, "next_at = created_at + interval '1 day'")).isEqualTo("true");

        parcels.set(id, "created_at = created_at - interval '10 min', next_at = now()");

        assertThat(node.mark(node.claim().orElseThrow(), Outcome.putOff("smtp-451")))
                .hasValue("failed");
        assertThat(parcels.state(id)).isEqualTo("failed");
        assertThat(parcels.get(id, "failure")).isEqualTo("smtp-451");
        assertThat(node.claim()).isEmpty();
    }

    @Test
    void backlogTellsTheAgeAndTheFailureOfTheOldest() {
        assertThat(node.backlog()).isEqualTo(new Backlog(0, Duration.ZERO, null));

        UUID sent = parcels.write(1, "parcel", 9000).get(0);
        parcels.set(sent, "state = 'sent', failure = 'sent-later'");
        parcels.write(1, "parcel", 7200);
        UUID failed = parcels.write(1, "parcel", 600).get(0);
        parcels.set(failed, "failure = 'timeout', next_at = now() + interval '1 hour'");
        UUID failedLater = parcels.write(1, "parcel", 60).get(0);
        parcels.set(failedLater, "failure = 'smtp-451'");

        Backlog backlog = node.backlog();

        assertThat(backlog.due()).isEqualTo(3);
        assertThat(backlog.age()).isBetween(Duration.ofHours(2), Duration.ofHours(3));
        assertThat(backlog.failure()).isEqualTo("timeout");
    }

    @Test
    void aFailureIsCutToTheLengthOfItsColumn() {
        assertThat(Outcome.failed("x".repeat(300)).failure()).hasSize(200);
    }
}
