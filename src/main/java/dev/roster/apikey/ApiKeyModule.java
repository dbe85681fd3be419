package dev.roster.apikey;

import dev.roster.command.Commands;
import dev.roster.database.DatabaseModule;
import dev.roster.feed.ChangeFeed;
import dev.roster.host.BodyType;
import dev.roster.host.DatabaseClock;
import dev.roster.host.Host;
import dev.roster.host.Purge;
import dev.roster.host.Room;
import dev.roster.limit.LimitModule;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The keys, in the table and in this node's memory, and the limits on their use. */
public final class ApiKeyModule implements Room {
    private static final Duration WRITE_INTERVAL = Duration.ofSeconds(5);

    private final DatabaseModule database;
    private final ChangeFeed feed;
    private final DatabaseClock clock;
    private final ConcurrentHashMap<String, StoredKey> byId = new ConcurrentHashMap<>();
    private final KeyUses uses;
    private final ApiKeys keys;
    private final KeyLimits limits;

    public ApiKeyModule(
            Host host,
            KeyLimitConfiguration configuration,
            DatabaseModule database,
            ChangeFeed feed,
            Commands commands,
            LimitModule limits) {
        this.database = database;
        this.feed = feed;
        this.clock = host.clock();
        this.uses = new KeyUses(clock);
        this.keys = new ApiKeys(byId, feed::isFresh, this::find, clock, uses, host.metrics());
        this.limits = new KeyLimits(configuration, commands, database.commands(), limits);
    }

    public ApiKeys keys() {
        return keys;
    }

    public KeyLimits limits() {
        return limits;
    }

    private @Nullable StoredKey find(String id) {
        return database.readProven(handle -> clock.measure(
                        () -> handle.createQuery("""
                                        SELECT clock_timestamp() AS time, key.*
                                          FROM (VALUES (1)) AS one
                                          LEFT JOIN api_keys AS key ON key.id = :id
                                        """)
                                .bind("id", id)
                                .map((row, context) -> LookUp.read(row))
                                .one(),
                        LookUp::time))
                .key();
    }

    @Override
    public void plugInto(Host host) {
        database.prepare(KeyCommands.class);
        database.map(KeyRow.class, (row, context) -> row(row));
        database.map(
                KeyCommands.Maker.class,
                (row, context) -> new KeyCommands.Maker(
                        row.getBoolean("is_revoked"), row.getBoolean("is_expired"), StoredKey.time(row, "expires_at")));
        feed.listen(new KeyListener(byId));
        host.bodyType(new BodyType<>(KeyName.class, KeyName::new, new KeyName("x")));
        host.bodyType(new BodyType<>(Scope.class, Scope::parse, Scope.KEYS));
        host.job("key-uses", WRITE_INTERVAL, () -> uses.write(database.commands()));
        host.noPersonalData("api_keys");
        host.purge(new Purge("api_keys", limit -> database.commands()
                .withExtension(KeyCommands.class, commands -> commands.purge(limit))));
    }

    private static KeyRow row(ResultSet row) throws SQLException {
        return new KeyRow(
                row.getString("id"),
                row.getString("name"),
                StoredKey.scopes(row.getArray("scopes")).stream().sorted().toList(),
                Objects.requireNonNull(StoredKey.time(row, "created_at")),
                row.getString("created_by"),
                StoredKey.time(row, "expires_at"),
                StoredKey.time(row, "last_used_at"),
                StoredKey.time(row, "revoked_at"));
    }

    /** @param time the database's time */
    private record LookUp(@Nullable StoredKey key, Instant time) {
        static LookUp read(ResultSet row) throws SQLException {
            return new LookUp(
                    row.getString("id") == null ? null : StoredKey.read(row),
                    row.getObject("time", OffsetDateTime.class).toInstant());
        }
    }
}
