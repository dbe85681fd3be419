package dev.roster.integration.oauth;

import dev.roster.apikey.Scope;
import dev.roster.command.login.LogOut;
import dev.roster.command.login.LogOutHandler;
import dev.roster.http.RequestSource;
import dev.roster.http.body.FormBody;
import dev.roster.integration.access.ServiceKeys;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;

/**
 * Ends the session of a token for other services (RFC 7009). The token proves that the service may: it could log out
 * with it. So the answer is the same for tokens that are unknown.
 */
@Path("/oauth/revoke")
public final class RevocationResource {
    private final ServiceKeys keys;
    private final LogOutHandler logOut;

    RevocationResource(ServiceKeys keys, LogOutHandler logOut) {
        this.keys = keys;
        this.logOut = logOut;
    }

    @POST
    public Response revoke(@Context HttpServletRequest request, FormBody form) {
        var unused = keys.authenticate(request, Scope.INTROSPECT);
        logOut.revoke(new LogOut(form.only("token"), RequestSource.of(request)));
        return Response.ok().build();
    }
}
