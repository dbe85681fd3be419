package dev.roster.command.session;

import dev.roster.command.Commands;
import dev.roster.command.account.AccountModule;
import dev.roster.database.DatabaseModule;
import dev.roster.host.Host;
import dev.roster.host.PersonalData;
import dev.roster.host.PersonalData.Reason;
import dev.roster.host.Purge;
import dev.roster.host.Room;
import dev.roster.limit.LimitModule;
import dev.roster.revocation.RevokedTokens;
import dev.roster.token.TokenModule;

/** Sessions: how they are opened and ended. */
public final class SessionModule implements Room {
    private final DatabaseModule database;
    private final SessionTokens tokens;
    private final SessionEnding ending;
    private final SessionOpening opening;
    private final EndSessionsHandler endSessions;

    public SessionModule(
            SessionConfiguration configuration,
            DatabaseModule database,
            Commands commands,
            TokenModule tokens,
            LimitModule limits,
            AccountModule accounts) {
        this.database = database;
        this.tokens = new SessionTokens(tokens.accessTokens(), tokens.refreshTokens());
        this.ending = new SessionEnding(tokens.accessTokens());
        this.opening = new SessionOpening(commands, this.tokens, ending, limits.logins(), configuration);
        this.endSessions = new EndSessionsHandler(commands, accounts.ownership(), ending);
    }

    public SessionTokens tokens() {
        return tokens;
    }

    public SessionEnding ending() {
        return ending;
    }

    public SessionOpening opening() {
        return opening;
    }

    @Override
    public void plugInto(Host host) {
        database.prepare(SessionCommands.class);
        host.jersey(new SessionCommandResource(endSessions));
        double margin = RevokedTokens.MARGIN.toSeconds();
        host.purge(new Purge("sessions", limit -> database.commands()
                .withExtension(SessionCommands.class, sessions -> sessions.purge(margin, limit))));
        host.personalData(PersonalData.of("sessions", """
                        SELECT id, created_at, last_used_at, expires_at, user_agent, host(ip) AS ip, refreshes_full_at
                          FROM sessions
                         WHERE user_id = :id
                         ORDER BY created_at, id
                        """)
                .without(Reason.SECRETS, "sessions.refresh_token_hash")
                .without(Reason.MADE_OF_WHAT_IS_HERE, "sessions.user_id"));
        host.personalData(PersonalData.of("last_logins", "SELECT last_login_at FROM last_logins WHERE user_id = :id")
                .without(Reason.MADE_OF_WHAT_IS_HERE, "last_logins.user_id"));
    }
}
