package dev.roster.command;

import dev.roster.audit.AuditEvents;
import dev.roster.database.DatabaseModule;
import dev.roster.feed.ChangeFeed;
import dev.roster.host.Host;
import dev.roster.host.Room;
import dev.roster.revocation.RevokedTokens;
import java.util.UUID;
import java.util.function.Consumer;

/** The parts that the rooms of the write side share. */
public final class CommandModule implements Room {
    private final DatabaseModule database;
    private final Commands commands;

    /** @param userChanged is told the id of each user whose row has changed, after the commit */
    public CommandModule(
            DatabaseModule database,
            ChangeFeed feed,
            AuditEvents audit,
            RevokedTokens revoked,
            Consumer<UUID> userChanged) {
        this.database = database;
        this.commands =
                new Commands(database.commands(), database.watch()::epoch, audit, revoked, userChanged, handle -> {
                    // Without a recent heartbeat, the clock may be behind: what is revoked now would expire too early.
                    if (!feed.isFresh()) {
                        database.setClock(handle);
                    }
                });
    }

    public Commands commands() {
        return commands;
    }

    @Override
    public void plugInto(Host host) {
        host.jersey(new ConsistencyTokenFilter(database.commands(), database.watch()::epoch));
        host.adminJersey(new ConsistencyTokenFilter(database.commands(), database.watch()::epoch));
    }
}
