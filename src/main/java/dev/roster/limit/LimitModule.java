package dev.roster.limit;

import dev.roster.database.DatabaseModule;
import dev.roster.host.Host;
import dev.roster.host.PersonalData;
import dev.roster.host.PersonalData.Reason;
import dev.roster.host.Purge;
import dev.roster.host.Room;
import dev.roster.key.SecretKey;
import java.util.List;
import java.util.Map;

/** The limits on tries. */
public final class LimitModule implements Room {
    private final DatabaseModule database;
    private final SecretKey secretKey;
    private final LimitKeys keys;
    private final GuessLimit guesses;
    private final RegistrationLimit registrations;
    private final RefreshLimit refreshes;
    private final Bucket logins;
    private final Bucket changes;

    /** @param secretKey makes the keys that limits are counted by */
    public LimitModule(LimitConfiguration configuration, DatabaseModule database, SecretKey secretKey) {
        this.database = database;
        this.secretKey = secretKey;
        this.keys = new LimitKeys(secretKey);
        this.guesses = new GuessLimit(database.commands(), configuration, keys);
        this.registrations = new RegistrationLimit(configuration, keys);
        this.refreshes = new RefreshLimit(configuration, keys);
        this.logins = new Bucket(
                LimitConfiguration.LOGIN, new Rate(configuration.logins(), configuration.loginsAtOnce()), keys);
        this.changes = new Bucket(
                LimitConfiguration.CHANGE, new Rate(configuration.changes(), configuration.changesAtOnce()), keys);
    }

    public GuessLimit guesses() {
        return guesses;
    }

    public RegistrationLimit registrations() {
        return registrations;
    }

    public RefreshLimit refreshes() {
        return refreshes;
    }

    /** How often one person may log in. Its subjects are user ids. */
    public Bucket logins() {
        return logins;
    }

    /** How often one person may change the account. Its subjects are user ids, and others for new passwords. */
    public Bucket changes() {
        return changes;
    }

    /**
     * A limit on what one subject does a minute, and at once, for another room.
     *
     * @param name one of {@link LimitConfiguration#NAMES}
     * @param count 0 for no limit
     */
    public Bucket perMinute(String name, int count) {
        return new Bucket(name, new Rate(count, count), keys);
    }

    /**
     * A limit on what one subject does an hour. The caller may refuse a request that exceeds it, or drop it silently.
     */
    public Bucket perHour(String name, int count) {
        return new Bucket(name, Rate.perHour(count), keys);
    }

    @Override
    public void plugInto(Host host) {
        database.prepare(LimitCommands.class, KnownNetworks.class);
        host.purge(new Purge("request_limits", limit -> database.commands()
                .withExtension(LimitCommands.class, limits -> limits.purgeRequests(limit))));
        host.purge(new Purge("failure_limits", limit -> database.commands()
                .withExtension(LimitCommands.class, limits -> limits.purgeFailures(limit))));
        host.purge(new Purge("login_networks", limit -> database.commands()
                .withExtension(KnownNetworks.class, networks -> networks.purge(limit))));
        host.personalData(new PersonalData(
                        "limits",
                        List.of("failure_limits", "request_limits"),
                        new PersonLimits(secretKey),
                        false,
                        Map.of())
                .without(Reason.MADE_OF_WHAT_IS_HERE, "failure_limits.key", "request_limits.key"));
        host.personalData(PersonalData.of("login_networks", """
                        SELECT logged_in_at
                          FROM login_networks
                         WHERE user_id = :id
                         ORDER BY logged_in_at
                        """)
                .without(Reason.MADE_OF_WHAT_IS_HERE, "login_networks.user_id", "login_networks.network"));
    }
}
