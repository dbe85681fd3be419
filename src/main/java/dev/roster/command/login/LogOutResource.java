package dev.roster.command.login;

import dev.roster.http.RequestSource;
import dev.roster.token.BearerToken;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;

/** Logs callers out. */
@Path("/api/v1/auth")
public final class LogOutResource {
    private final LogOutHandler logOut;

    public LogOutResource(LogOutHandler logOut) {
        this.logOut = logOut;
    }

    /**
     * Reads the token itself, because the authenticator would refuse one that is expired or revoked, which gets 204
     * here.
     */
    @POST
    @Path("/logout")
    public void logOut(@Context HttpServletRequest request, @Context HttpHeaders headers) {
        String token = BearerToken.of(headers.getRequestHeader(HttpHeaders.AUTHORIZATION));
        logOut.handle(new LogOut(token, RequestSource.of(request)));
    }
}
