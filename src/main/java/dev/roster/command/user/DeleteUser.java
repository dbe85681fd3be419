package dev.roster.command.user;

import dev.roster.http.RequestSource;
import dev.roster.token.AccessToken;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The command to delete a user.
 *
 * @param versions the versions that the user may have; null if any will do
 */
public record DeleteUser(
        AccessToken caller, UUID id, @Nullable List<Long> versions, RequestSource source) {}
