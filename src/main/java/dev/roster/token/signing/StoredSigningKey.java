package dev.roster.token.signing;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A row of {@code signing_keys}. */
public final class StoredSigningKey {
    /** The columns that {@link #read} needs. */
    static final String COLUMNS =
            "kid, algorithm, private_sealed, created_at, published_from, signs_from, verifies_until";

    private final String kid;
    private final String algorithm;
    private final byte[] sealed;
    private final Instant createdAt;
    private final Instant publishedFrom;
    private final Instant signsFrom;
    private final @Nullable Instant verifiesUntil;

    private StoredSigningKey(ResultSet row) throws SQLException {
        this.kid = row.getString("kid");
        this.algorithm = row.getString("algorithm");
        byte[] bytes = row.getBytes("private_sealed");
        this.sealed = bytes == null ? new byte[0] : bytes;
        this.createdAt = Objects.requireNonNull(time(row, "created_at"));
        this.publishedFrom = Objects.requireNonNull(time(row, "published_from"));
        this.signsFrom = Objects.requireNonNull(time(row, "signs_from"));
        this.verifiesUntil = time(row, "verifies_until");
    }

    /** Reads the current row. */
    static StoredSigningKey read(ResultSet row) throws SQLException {
        return new StoredSigningKey(row);
    }

    private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    String kid() {
        return kid;
    }

    String algorithm() {
        return algorithm;
    }

    /** The sealed private key; empty for HS256. */
    byte[] sealed() {
        return sealed.clone();
    }

    boolean isSealedLike(StoredSigningKey other) {
        return algorithm.equals(other.algorithm) && Arrays.equals(sealed, other.sealed);
    }

    Instant createdAt() {
        return createdAt;
    }

    Instant publishedFrom() {
        return publishedFrom;
    }

    Instant signsFrom() {
        return signsFrom;
    }

    /** Null while no other key replaces it. */
    @Nullable
    Instant verifiesUntil() {
        return verifiesUntil;
    }

    boolean isActive() {
        return verifiesUntil == null;
    }

    boolean hasEnded(Instant now) {
        return verifiesUntil != null && !now.isBefore(verifiesUntil);
    }
}
