package dev.roster.command.login;

import dev.roster.user.StoredUser;
import dev.roster.user.User;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;

/** A user, and the hash that the password is checked against. */
public record UserWithHash(User user, String passwordHash) {

    /** Reads the current row. */
    public static UserWithHash read(ResultSet row) throws SQLException {
        return new UserWithHash(StoredUser.read(row).user(), row.getString("password_hash"));
    }

    /** Returns true if the user exists. A placeholder has no hash. */
    boolean exists() {
        return !passwordHash.isEmpty();
    }

    UUID userId() {
        return user.id();
    }

    @Override
    public String toString() {
        return "UserWithHash[user=" + user.id() + "]";
    }
}
