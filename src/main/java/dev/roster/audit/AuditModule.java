package dev.roster.audit;

import dev.roster.database.DatabaseModule;
import dev.roster.host.DatabaseClock;
import dev.roster.host.Host;
import dev.roster.host.PersonalData;
import dev.roster.host.PersonalData.Reason;
import dev.roster.host.Room;
import dev.roster.key.SecretKey;
import io.dropwizard.util.Duration;
import java.util.function.Consumer;

/** The audit trail. */
public final class AuditModule implements Room {
    private final DatabaseModule database;
    private final Duration sealInterval;
    private final Duration maintenanceInterval;
    private final AuditEvents events;
    private final AuditMonths months;
    private final Sealer sealer;
    private final AuditConfiguration configuration;
    private final SecretKey secretKey;
    private final DatabaseClock clock;

    /**
     * @param secretKey signs events and seals
     * @param maintenanceInterval how often partitions are created and dropped, and the remaining free texts of deleted
     *     users' events removed
     */
    public AuditModule(
            Host host,
            AuditConfiguration configuration,
            SecretKey secretKey,
            DatabaseModule database,
            Duration maintenanceInterval) {
        this.database = database;
        this.sealInterval = configuration.sealInterval();
        this.maintenanceInterval = maintenanceInterval;
        this.events = new AuditEvents(secretKey, host.ids(), host.clock(), host.metrics());
        this.months = new AuditMonths(database.commands(), configuration, host.clock());
        this.configuration = configuration;
        this.secretKey = secretKey;
        this.clock = host.clock();
        this.sealer = new Sealer(database.commands(), secretKey, host.clock());
    }

    public AuditEvents events() {
        return events;
    }

    /** A verifier of the trail, for one use. */
    public AuditVerifier verifier(Consumer<String> out) {
        return new AuditVerifier(secretKey, configuration.oldestMonth(clock.instant()), out);
    }

    @Override
    public void plugInto(Host host) {
        // Also run it at the start: the first event needs its partition.
        host.onStart(host.job("audit-months", maintenanceInterval.toJavaDuration(), months::maintain)::run);
        host.job("audit-forget", maintenanceInterval.toJavaDuration(), this::forget);
        host.job("audit-seal", sealInterval.toJavaDuration(), sealer::seal);
        host.personalData(
                PersonalData.of("audit_unforgotten", "SELECT user_id FROM audit_unforgotten WHERE user_id = :id"));
        host.personalData(PersonalData.of("audit_events", """
                        SELECT id, occurred_at, type, actor_id, target_id, session_id, details, request_id,
                               CASE WHEN key_id IS NULL THEN host(ip) END AS ip, -- with a key, it is the operator's
                               CASE WHEN key_id IS NULL THEN user_agent END AS user_agent,
                               key_id, target_key_id, reason
                          FROM audit_events
                         WHERE target_id = :id OR (actor_id = :id AND actor_id IS DISTINCT FROM target_id)
                         ORDER BY occurred_at, id
                        """)
                .without(
                        Reason.MADE_OF_WHAT_IS_HERE,
                        "audit_events.user_agent_mac",
                        "audit_events.reason_mac",
                        "audit_events.actor_mac",
                        "audit_events.mac",
                        "audit_unsealed",
                        "audit_seals")
                .without(Reason.ABOUT_SOMEBODY_ELSE, "audit_events.actor"));
    }

    private void forget() {
        boolean mayBeMore;
        do {
            mayBeMore = database.commands().inTransaction(events::forget);
        } while (mayBeMore);
    }
}
