package dev.roster.user;

import java.time.Instant;
import java.util.UUID;

/** A user as every client may see one: the {@code User} of the API. The password hash is no part of it. */
public record User(UUID id, String name, String email, String role, Instant createdAt, Instant updatedAt) {}
