package dev.roster.command.session;

import dev.roster.token.AccessTokens;
import dev.roster.token.IssuedToken;
import dev.roster.token.RefreshToken;
import dev.roster.token.RefreshTokens;
import dev.roster.token.SessionClaims;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Makes the pairs of tokens that clients get for a session. Thread-safe. */
public final class SessionTokens {
    private final AccessTokens accessTokens;
    private final RefreshTokens refreshTokens;

    public SessionTokens(AccessTokens accessTokens, RefreshTokens refreshTokens) {
        this.accessTokens = accessTokens;
        this.refreshTokens = refreshTokens;
    }

    /** The issue time. Read it before loading or locking the session, so that a later revocation outlives the token. */
    public Instant now() {
        return accessTokens.now();
    }

    /** The first refresh token of a new session. */
    public RefreshToken first() {
        return refreshTokens.first(UUID.randomUUID());
    }

    /** The refresh token that a client sent, spent or not; empty if this service did not make it. */
    public Optional<RefreshToken> read(String refreshToken) {
        return refreshTokens.read(refreshToken);
    }

    /** Random bits for {@link RefreshToken#successor}. */
    public String newSalt() {
        return refreshTokens.newSalt();
    }

    /** A new access token, with this refresh token. */
    public TokenPair pair(RefreshToken refreshToken, OpenSession session, Instant issuedAt) {
        SessionClaims claims = new SessionClaims(
                session.userId(), refreshToken.sessionId(), session.authTime(), session.role(), session.expiresAt());
        IssuedToken accessToken = accessTokens.issue(claims, issuedAt);
        return TokenPair.of(accessToken, refreshTokens.write(refreshToken), session);
    }
}
