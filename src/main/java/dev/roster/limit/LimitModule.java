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
    private final GuessLimit guesses;
    private final RegistrationLimit registrations;
    private final RefreshLimit refreshes;

    /** @param secretKey makes the keys that limits are counted by */
    public LimitModule(LimitConfiguration configuration, DatabaseModule database, SecretKey secretKey) {
        this.database = database;
        this.secretKey = secretKey;
        this.guesses = new GuessLimit(database.commands(), configuration, secretKey);
        this.registrations = new RegistrationLimit(configuration, secretKey);
        this.refreshes = new RefreshLimit(configuration);
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

    @Override
    public void plugInto(Host host) {
        database.prepare(LimitCommands.class);
        host.purge(new Purge("request_limits", limit -> database.commands()
                .withExtension(LimitCommands.class, limits -> limits.purgeRequests(limit))));
        host.purge(new Purge("failure_limits", limit -> database.commands()
                .withExtension(LimitCommands.class, limits -> limits.purgeFailures(limit))));
        host.personalData(new PersonalData(
                        "limits",
                        List.of("failure_limits", "request_limits"),
                        new PersonLimits(secretKey),
                        false,
                        Map.of())
                .without(Reason.MADE_OF_WHAT_IS_HERE, "failure_limits.key", "request_limits.key"));
    }
}
