package dev.roster.revocation;

import dev.roster.database.DatabaseModule;
import dev.roster.feed.ChangeFeed;
import dev.roster.host.DatabaseClock;
import dev.roster.host.Host;
import dev.roster.host.PersonalData;
import dev.roster.host.Purge;
import dev.roster.host.Room;
import dev.roster.revocation.TokenBlocklist.LookUp;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import java.time.Instant;
import java.util.Collection;
import java.util.UUID;

/** What is revoked, in the table and in this node's memory. */
public final class RevocationModule implements Room {
    private final RevokedTokens revoked;
    private final Revocations revocations;
    private final RevocationListener listener;
    private final Purge purge;
    private final DatabaseModule database;
    private final ChangeFeed feed;
    private final DatabaseClock clock;

    public RevocationModule(Host host, DatabaseModule database, ChangeFeed feed) {
        this.database = database;
        this.feed = feed;
        this.clock = host.clock();
        this.revoked = new RevokedTokens(clock);
        this.revocations = new Revocations(revoked, feed::isFresh, this::isInTable, host.metrics());
        this.listener = new RevocationListener(revoked, host.metrics());
        double margin = RevokedTokens.MARGIN.toSeconds();
        this.purge = new Purge("token_blocklist", limit -> database.commands()
                .withExtension(TokenBlocklist.class, blocklist -> blocklist.purge(margin, limit)));
    }

    /** The set in memory. */
    public RevokedTokens revoked() {
        return revoked;
    }

    public Revocations revocations() {
        return revocations;
    }

    /** Tells this observer what the feed brings. Only before the start. */
    public void observe(RevocationObserver observer) {
        listener.observe(observer);
    }

    private boolean isInTable(Collection<UUID> ids, Instant issuedAt) {
        return database.readProven(handle -> clock.measure(
                        () -> handle.attach(TokenBlocklist.class)
                                .lookUp(ids, issuedAt, RevokedTokens.MARGIN.toSeconds()),
                        LookUp::time)
                .isRevoked());
    }

    @Override
    public void plugInto(Host host) {
        database.prepare(TokenBlocklist.class);
        feed.listen(listener);
        feed.atEpoch(new WriteBack(revoked.recent(), host.metrics()));
        host.purge(purge);
        host.personalData(PersonalData.of("token_blocklist", """
                SELECT id, kind, user_id, reason, revoked_at, expires_at
                  FROM token_blocklist
                 WHERE id = :id OR user_id = :id
                 ORDER BY revoked_at, id
                """));
        CounterWithCallback.builder()
                .name("roster_revocations_sent")
                .help("Revocations that this node has committed.")
                .callback(counter -> counter.call((double) revoked.sent()))
                .register(host.metrics());
        GaugeWithCallback.builder()
                .name("roster_revoked_ids")
                .help("Revoked ids in memory.")
                .callback(gauge -> gauge.call((double) revoked.size()))
                .register(host.metrics());
    }
}
