package dev.roster.user;

import java.time.Instant;
import java.util.UUID;

/**
 * A user as clients see it: the {@code User} of the API, without the password hash.
 *
 * @param profile what the person keeps about themselves
 */
public record User(
        UUID id, String name, String email, String role, JsonObject profile, Instant createdAt, Instant updatedAt) {

    /** The same user with this profile. */
    public User with(JsonObject newProfile) {
        return new User(id, name, email, role, newProfile, createdAt, updatedAt);
    }
}
