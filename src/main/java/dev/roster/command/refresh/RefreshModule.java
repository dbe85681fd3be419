package dev.roster.command.refresh;

import dev.roster.command.Commands;
import dev.roster.command.session.SessionConfiguration;
import dev.roster.command.session.SessionModule;
import dev.roster.database.DatabaseModule;
import dev.roster.host.Host;
import dev.roster.host.PersonalData;
import dev.roster.host.PersonalData.Reason;
import dev.roster.host.Purge;
import dev.roster.host.Room;
import dev.roster.limit.LimitModule;

/** Refreshing sessions. */
public final class RefreshModule implements Room {
    private final DatabaseModule database;
    private final RefreshSessionHandler refresh;
    private final double graceSeconds;

    public RefreshModule(
            SessionConfiguration configuration,
            DatabaseModule database,
            Commands commands,
            SessionModule sessions,
            LimitModule limits) {
        this.database = database;
        this.graceSeconds = configuration.refreshGrace().toMilliseconds() / 1000.0;
        this.refresh = new RefreshSessionHandler(
                commands,
                sessions.tokens(),
                sessions.ending(),
                limits.refreshes(),
                new WrongRefreshTokens(commands, limits.guesses()),
                configuration);
    }

    @Override
    public void plugInto(Host host) {
        database.prepare(RefreshCommands.class, Rotations.class);
        host.jersey(new RefreshResource(refresh));
        host.purge(new Purge("spent_refresh_tokens", limit -> database.commands()
                .withExtension(RefreshCommands.class, refreshes -> refreshes.purge(graceSeconds, limit))));
        host.personalData(PersonalData.of("spent_refresh_tokens", """
                        SELECT session_id, spent_at
                          FROM spent_refresh_tokens
                          JOIN sessions ON sessions.id = session_id
                         WHERE user_id = :id
                         ORDER BY spent_at, session_id
                        """)
                .without(Reason.SECRETS, "spent_refresh_tokens.hash", "spent_refresh_tokens.successor_salt"));
    }
}
