package dev.roster.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roster.audit.AuditEvent;
import dev.roster.audit.AuditEvents;
import dev.roster.command.refresh.RefreshCommands;
import dev.roster.database.primary.Epoch;
import dev.roster.database.primary.UnknownOutcomeException;
import dev.roster.http.RequestSource;
import dev.roster.id.Ids;
import dev.roster.key.SecretKey;
import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import dev.roster.revocation.Revocation;
import dev.roster.revocation.RevokedTokens;
import dev.roster.support.TestTokens;
import dev.roster.support.database.TestDatabase;
import io.dropwizard.jdbi3.JdbiFactory;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

/** What follows from a transaction follows exactly if it commits. */
class CommandsIT {
    private static final Jdbi JDBI = new Configured().jdbi(TestDatabase.migrated());

    private final Clock clock = Clock.systemUTC();
    private final RevokedTokens revoked = new RevokedTokens(clock);
    private final List<UUID> changed = new ArrayList<>();
    private final PrometheusRegistry metrics = new PrometheusRegistry();
    private Epoch epoch = new Epoch(1, 1, "0/0");
    private final Commands commands = new Commands(
            JDBI,
            () -> epoch,
            new AuditEvents(new SecretKey(TestTokens.SECRET_KEY), new Ids(clock, new SecureRandom()), clock, metrics),
            revoked,
            changed::add,
            handle -> {});
    private final UUID userId = UUID.randomUUID();
    private final Revocation revocation =
            Revocation.ofUser(userId, "user_deleted", Instant.now().plusSeconds(600));

    @Test
    void committedTransactionWritesRowsAndThenChangesMemory() {
        boolean early = commands.run((handle, effects) -> {
            addAll(effects);
            return revoked.contains(userId) || !changed.isEmpty();
        });

        assertThat(early).isFalse();
        assertThat(revoked.contains(userId)).isTrue();
        assertThat(changed).containsExactly(userId);
        assertThat(rows()).containsExactly(1, 1);
        assertThat(countedDeletions()).isEqualTo(1);
    }

    @Test
    void rolledBackTransactionHasNoEffects() {
        RefusedException refused = new RefusedException(Refusal.NOT_FOUND, "No.");

        assertThatThrownBy(() -> commands.run((handle, effects) -> {
                    addAll(effects);
                    throw refused;
                }))
                .isSameAs(refused);

        assertThat(revoked.contains(userId)).isFalse();
        assertThat(changed).isEmpty();
        assertThat(rows()).containsExactly(0, 0);
        assertThat(countedDeletions()).isZero();
    }

    @Test
    void refusalAfterTheCommitKeepsEveryEffect() {
        RefusedException refused = new RefusedException(Refusal.INVALID_CREDENTIALS, "No.");

        assertThatThrownBy(() -> commands.run((handle, effects) -> {
                    addAll(effects);
                    effects.refuse(refused);
                    return 0;
                }))
                .isSameAs(refused);

        assertThat(revoked.contains(userId)).isTrue();
        assertThat(changed).containsExactly(userId);
        assertThat(rows()).containsExactly(1, 1);
        assertThat(countedDeletions()).isEqualTo(1);
    }

    @Test
    void revocationsOfOthersAreLearnedDespiteTheRollback() {
        assertThatThrownBy(() -> commands.run((handle, effects) -> {
                    effects.learn(List.of(revocation));
                    throw new RefusedException(Refusal.INVALID_TOKEN, "No.");
                }))
                .isInstanceOf(RefusedException.class);

        assertThat(revoked.contains(userId)).isTrue();
        assertThat(rows()).containsExactly(0, 0);
    }

    @Test
    void transactionThatSpansTwoEpochsHasAnUnknownOutcomeAndNoEffectsInMemory() {
        assertThatThrownBy(() -> commands.run((handle, effects) -> {
                    addAll(effects);
                    epoch = epoch.next(1, "0/0"); // of another system: the timeline may be the same
                    return 0;
                }))
                .isInstanceOf(UnknownOutcomeException.class);

        assertThat(revoked.contains(userId)).isFalse();
        assertThat(changed).isEmpty();
        assertThat(rows()).containsExactly(1, 1);
    }

    @Test
    void commitOnASupersededServerHasAnUnknownOutcome() {
        epoch = new Epoch(1, 2, "0/1");

        assertThatThrownBy(() -> commands.run((handle, effects) -> 0)).isInstanceOf(UnknownOutcomeException.class);
        assertThatThrownBy(() -> commands.write(RefreshCommands.class, unused -> Optional.of(0)))
                .isInstanceOf(UnknownOutcomeException.class);
    }

    @Test
    void commitOnAServerThatTheWatchHasNotSeenYetIsCertain() {
        epoch = Epoch.NONE;

        assertThat(commands.<Integer>run((handle, effects) -> {
                    epoch = new Epoch(1, 1, "0/0");
                    return 7;
                }))
                .isEqualTo(7);
    }

    private void addAll(Effects effects) {
        effects.revoke(revocation);
        effects.record(AuditEvent.by(userId, AuditEvent.Type.DELETED, new RequestSource("request", null, null)));
        effects.changed(userId);
    }

    /** {@code roster_audit_events_total{type="deleted"}} */
    private double countedDeletions() {
        CounterSnapshot events = (CounterSnapshot)
                metrics.scrape(name -> name.equals("roster_audit_events")).get(0);
        return events.getDataPoints().stream()
                .filter(event -> event.getLabels().equals(Labels.of("type", "deleted")))
                .mapToDouble(CounterSnapshot.CounterDataPointSnapshot::getValue)
                .sum();
    }

    /** The numbers of rows in {@code token_blocklist} and {@code audit_events} about this user. */
    private List<Integer> rows() {
        return JDBI.withHandle(handle ->
                handle.createQuery("""
                        SELECT count(*) FROM token_blocklist WHERE id = :id
                         UNION ALL
                        SELECT count(*) FROM audit_events WHERE actor_id = :id
                        """).bind("id", userId).mapTo(Integer.class).list());
    }

    /** As the service configures its own. */
    private static final class Configured extends JdbiFactory {
        Jdbi jdbi(TestDatabase database) {
            Jdbi jdbi = database.jdbi();
            configure(jdbi);
            return jdbi;
        }
    }
}
