package dev.roster.user;

import java.time.Instant;
import java.util.UUID;

/** A user as clients see it: the {@code User} of the API, without the password hash. */
public record User(UUID id, String name, String email, String role, Instant createdAt, Instant updatedAt) {}
