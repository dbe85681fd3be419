package dev.roster.apikey;

import java.security.MessageDigest;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A key as a node knows it: with the hash of its secret. */
final class StoredKey {
    /** The columns that {@link #read} needs. */
    static final String COLUMNS = "id, secret_hash, scopes, expires_at, revoked_at";

    private final ApiKey key;
    private final byte[] secretHash;
    private final @Nullable Instant expiresAt;
    private final boolean isRevoked;

    private StoredKey(ApiKey key, byte[] secretHash, @Nullable Instant expiresAt, boolean isRevoked) {
        this.key = key;
        this.secretHash = secretHash;
        this.expiresAt = expiresAt;
        this.isRevoked = isRevoked;
    }

    /** Reads the current row. A scope that a newer version has added grants nothing here. */
    static StoredKey read(ResultSet row) throws SQLException {
        return new StoredKey(
                new ApiKey(row.getString("id"), scopes(row.getArray("scopes"))),
                row.getBytes("secret_hash"),
                time(row, "expires_at"),
                row.getObject("revoked_at") != null);
    }

    static Set<Scope> scopes(Array column) throws SQLException {
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        Arrays.stream((String[]) column.getArray())
                .map(Scope::find)
                .flatMap(Optional::stream)
                .forEach(scopes::add);
        return Set.copyOf(scopes);
    }

    static @Nullable Instant time(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    String id() {
        return key.id();
    }

    ApiKey key() {
        return key;
    }

    boolean isRevoked() {
        return isRevoked;
    }

    boolean isExpired(Instant now) {
        return expiresAt != null && !now.isBefore(expiresAt);
    }

    /** Compares in a time that does not depend on the secret. */
    boolean hasSecretOf(WrittenKey written) {
        return MessageDigest.isEqual(secretHash, written.hash());
    }
}
