package dev.roster.command.session;

import dev.roster.http.RequestSource;
import dev.roster.http.condition.Preconditions;
import dev.roster.token.AccessToken;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The command to end sessions.
 *
 * @param sessionId the session to end; null to end all
 * @param preconditions sessions have neither entity tags nor dates
 */
public record EndSessions(
        AccessToken caller, UUID userId, @Nullable UUID sessionId, Preconditions preconditions, RequestSource source) {}
