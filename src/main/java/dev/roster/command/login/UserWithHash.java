package dev.roster.command.login;

import dev.roster.user.StoredUser;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;

/** A user, and the hash that the password is checked against. */
public record UserWithHash(StoredUser stored, String passwordHash) {

    /** Reads the current row. */
    public static UserWithHash read(ResultSet row) throws SQLException {
        return new UserWithHash(StoredUser.read(row), row.getString("password_hash"));
    }

    /** Returns true if the user exists. A placeholder has no hash. */
    boolean exists() {
        return !passwordHash.isEmpty();
    }

    UUID userId() {
        return stored.user().id();
    }

    @Override
    public String toString() {
        return "UserWithHash[user=" + userId() + "]";
    }
}
