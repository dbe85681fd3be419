package dev.roster.token.signing;

import dev.roster.database.DatabaseModule;
import dev.roster.feed.ChangeFeed;
import dev.roster.host.DatabaseClock;
import dev.roster.host.Host;
import dev.roster.host.Purge;
import dev.roster.host.Room;
import dev.roster.revocation.RevokedTokens;
import dev.roster.settings.StartRefusedException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The signing keys, in the table and in this node's memory, and their rotation by age and by setting. */
public final class SigningModule implements Room {
    private static final Duration CHECK_INTERVAL = Duration.ofMinutes(1);

    private final KeySettings settings;
    private final DatabaseModule database;
    private final ChangeFeed feed;
    private final DatabaseClock clock;
    private final SigningKeys keys;
    private final KeyRotation rotation;

    public SigningModule(Host host, KeySettings settings, DatabaseModule database, ChangeFeed feed) {
        this.settings = settings;
        this.database = database;
        this.feed = feed;
        this.clock = host.clock();
        KeySeal seal = new KeySeal(settings.secret(), host.random());
        this.keys = new SigningKeys(settings.secret(), seal, feed::isFresh, this::readPrimary, clock);
        this.rotation = new KeyRotation(settings, seal, keys, host.random());
    }

    public SigningKeys keys() {
        return keys;
    }

    public KeyRotation rotation() {
        return rotation;
    }

    private List<StoredSigningKey> readPrimary() {
        return database
                .readProven(handle -> clock.measure(
                        () -> handle.createQuery("""
                                        SELECT clock_timestamp() AS time, key.*
                                          FROM (VALUES (1)) AS one
                                          LEFT JOIN signing_keys AS key ON true
                                        """)
                                .map((row, context) -> LookUp.read(row))
                                .list(),
                        found -> found.get(0).time()))
                .stream()
                .flatMap(found -> Optional.ofNullable(found.key()).stream())
                .toList();
    }

    @Override
    public void plugInto(Host host) {
        database.prepare(SigningKeyCommands.class);
        database.map(
                SigningKeyCommands.Active.class,
                (row, context) -> new SigningKeyCommands.Active(
                        StoredSigningKey.read(row),
                        row.getBoolean("is_just_made"),
                        row.getBoolean("is_waiting"),
                        row.getBoolean("is_old"),
                        row.getBoolean("has_predecessors")));
        feed.listen(new SigningKeyListener(keys));
        host.jersey(new JwksResource(keys));
        host.noPersonalData("signing_keys");
        host.onStart(this::start);
        host.health("signing-key", new SigningKeyHealthCheck(keys));
        Duration interval = settings.rotation().compareTo(CHECK_INTERVAL) < 0 ? settings.rotation() : CHECK_INTERVAL;
        host.job("key-rotation", interval, this::rotateByAge);
        double margin = RevokedTokens.MARGIN.toSeconds();
        host.purge(new Purge("signing_keys", limit -> database.commands()
                .withExtension(SigningKeyCommands.class, commands -> commands.purge(margin, limit))));
    }

    /** Signs with the algorithm of the setting from now on, on all nodes. */
    private void start() {
        String present = keys.active().map(StoredSigningKey::algorithm).orElse(SigningKey.HS256);
        if (!present.equals(settings.algorithm().id())) {
            rotation.run(rotation::applySetting);
        }
        keys.active()
                .map(StoredSigningKey::kid)
                .filter(keys.unusable()::contains)
                .ifPresent(kid -> {
                    throw new StartRefusedException(
                            "JWT_SECRET_KEY",
                            "does not open the signing key in the database; if you have changed it, make a new key"
                                    + " with: java -jar roster.jar rotate-key --now config.yml");
                });
    }

    // Asks memory first: the statements are for a key that is due.
    private void rotateByAge() {
        Instant oldest = clock.instant().minus(settings.rotation());
        if (keys.active().filter(key -> !key.createdAt().isAfter(oldest)).isPresent()) {
            rotation.run(rotation::rotateByAge);
        }
    }

    /** @param time the database's time */
    private record LookUp(@Nullable StoredSigningKey key, Instant time) {
        static LookUp read(ResultSet row) throws SQLException {
            return new LookUp(
                    row.getString("kid") == null ? null : StoredSigningKey.read(row),
                    row.getObject("time", OffsetDateTime.class).toInstant());
        }
    }
}
