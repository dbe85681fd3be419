package dev.roster.command.user;

import dev.roster.http.RequestSource;
import dev.roster.http.condition.Preconditions;
import dev.roster.token.AccessToken;
import java.util.UUID;

/**
 * The command to delete a user.
 *
 * @param preconditions what the user must be like
 */
public record DeleteUser(AccessToken caller, UUID id, Preconditions preconditions, RequestSource source) {}
