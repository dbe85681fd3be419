package dev.roster.command.session;

import dev.roster.http.RequestSource;
import dev.roster.token.AccessToken;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The command to end sessions.
 *
 * @param sessionId the session to end; null to end all
 */
public record EndSessions(
        AccessToken caller, UUID userId, @Nullable UUID sessionId, RequestSource source) {}
