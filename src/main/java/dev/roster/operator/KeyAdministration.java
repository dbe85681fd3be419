package dev.roster.operator;

import dev.roster.apikey.ApiKey;
import dev.roster.apikey.ApiKeys;
import dev.roster.apikey.KeyCommands;
import dev.roster.apikey.KeyRow;
import dev.roster.apikey.NewKey;
import dev.roster.apikey.Scope;
import dev.roster.apikey.WrittenKey;
import dev.roster.audit.AuditEvent;
import dev.roster.command.Commands;
import dev.roster.database.DatabaseModule;
import dev.roster.host.Host;
import dev.roster.http.condition.Preconditions;
import dev.roster.http.condition.Validators;
import dev.roster.refusal.ErrorCode;
import dev.roster.refusal.InvalidMember;
import dev.roster.refusal.Reason;
import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import dev.roster.refusal.TokenFault;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Operations on API keys for operators. Thread-safe. */
public final class KeyAdministration {
    private static final Duration LONGEST = Duration.ofDays(3660);

    private final Commands commands;
    private final ApiKeys keys;
    private final DatabaseModule database;
    private final Host host;

    public KeyAdministration(Commands commands, ApiKeys keys, DatabaseModule database, Host host) {
        this.keys = keys;
        this.commands = commands;
        this.database = database;
        this.host = host;
    }

    /** The service's clock. */
    public Clock clock() {
        return host.clock();
    }

    /**
     * Makes a key at a shell.
     *
     * @throws RefusedException {@code INVALID} if it has no scope or one twice, or would end in the past or in more
     *     than ten years, {@code FORBIDDEN} if there are too many keys
     */
    public MadeKey createAtShell(Operator operator, NewKey key) {
        requireValid(key);
        return insert(operator, key, null);
    }

    /**
     * Makes a key with another key, the maker. The maker must be live when the new key is stored, and must not end
     * before it.
     *
     * @throws RefusedException as {@link #createAtShell}; {@code INVALID} also if the maker ends earlier, {@code
     *     INSUFFICIENT_SCOPE} if it lacks one of the scopes, {@code NO_API_KEY} if it has expired or been revoked
     */
    public MadeKey create(Operator operator, NewKey key, ApiKey maker) {
        requireValid(key);
        requireScopes(key.scopes(), maker);
        return insert(operator, key, maker.id());
    }

    private MadeKey insert(Operator operator, NewKey key, @Nullable String makerId) {
        WrittenKey written = WrittenKey.random(host.random());
        KeyRow row = commands.run((handle, effects) -> {
            KeyCommands table = handle.attach(KeyCommands.class);
            if (makerId != null) {
                requireNotToOutlive(table.lockMaker(makerId), key.expiresAt());
            }
            effects.record(operator.event(AuditEvent.Type.KEY_CREATED, written.id()));
            return table.insert(
                            written.id(),
                            key.name().value(),
                            written.hash(),
                            key.scopes().stream().map(Scope::id).toList(),
                            makerId,
                            key.expiresAt())
                    .orElseThrow(() -> new RefusedException(
                            Refusal.FORBIDDEN,
                            "There are " + KeyCommands.MAXIMUM + " live keys already. Revoke one first."));
        });
        return new MadeKey(row, written);
    }

    private void requireNotToOutlive(Optional<KeyCommands.Maker> locked, @Nullable Instant end) {
        KeyCommands.Maker maker = locked.orElseThrow(() -> RefusedException.apiKey(TokenFault.UNKNOWN_KEY));
        if (maker.isRevoked()) {
            throw RefusedException.apiKey(TokenFault.REVOKED);
        }
        if (maker.isExpired()) {
            throw RefusedException.apiKey(TokenFault.EXPIRED);
        }
        Instant latest = maker.expiresAt();
        if (latest != null && (end == null || end.isAfter(latest))) {
            throw RefusedException.invalid(
                    "expires_at",
                    Reason.of(
                            ErrorCode.OUT_OF_RANGE,
                            "must not be later than " + latest + ", when the key that makes it ends",
                            host.clock()
                                    .instant()
                                    .truncatedTo(ChronoUnit.SECONDS)
                                    .toString(),
                            latest.toString()));
        }
    }

    private static void requireScopes(List<Scope> scopes, ApiKey maker) {
        String lacking = scopes.stream()
                .filter(scope -> !maker.allows(scope))
                .map(Scope::id)
                .collect(Collectors.joining(", "));
        if (!lacking.isEmpty()) {
            throw new RefusedException(
                    Refusal.INSUFFICIENT_SCOPE,
                    "A key can only give scopes that it has itself. It lacks " + lacking + ".");
        }
    }

    private void requireValid(NewKey key) {
        List<InvalidMember> invalid = new ArrayList<>();
        if (key.scopes().isEmpty()) {
            invalid.add(new InvalidMember("scopes", Reason.of(ErrorCode.EMPTY, "must not be empty")));
        } else if (Set.copyOf(key.scopes()).size() < key.scopes().size()) {
            invalid.add(new InvalidMember("scopes", Reason.of(ErrorCode.REPEATED, "must have each scope once")));
        }
        Instant end = key.expiresAt();
        Instant now = host.clock().instant().truncatedTo(ChronoUnit.SECONDS);
        if (end != null && (!end.isAfter(now) || end.isAfter(now.plus(LONGEST)))) {
            invalid.add(new InvalidMember(
                    "expires_at",
                    Reason.of(
                            ErrorCode.OUT_OF_RANGE,
                            "must be in the future, and at most ten years from now",
                            now.toString(),
                            now.plus(LONGEST).toString())));
        }
        if (!invalid.isEmpty()) {
            throw RefusedException.invalid(invalid);
        }
    }

    /** The keys that are live, and the latest of the others. */
    public List<KeyRow> list() {
        return database.queries().withExtension(KeyCommands.class, KeyCommands::list);
    }

    /**
     * Revokes a key. Does nothing if it is revoked already.
     *
     * @throws RefusedException {@code NOT_FOUND}, {@code VERSION_CONFLICT}
     */
    public void revoke(Operator operator, String id, Preconditions preconditions) {
        var unused = commands.run((handle, effects) -> {
            KeyCommands table = handle.attach(KeyCommands.class);
            boolean isNew = table.revoke(id);
            if (!isNew && !table.exists(id)) {
                throw new RefusedException(Refusal.NOT_FOUND, "This key does not exist.");
            }
            preconditions.require(Validators.NONE);
            if (isNew) {
                effects.record(operator.event(AuditEvent.Type.KEY_REVOKED, id));
            }
            return isNew;
        });
        keys.changed(id);
    }

    /** A new key. Nobody can read it a second time. */
    public record MadeKey(KeyRow row, WrittenKey key) {}
}
