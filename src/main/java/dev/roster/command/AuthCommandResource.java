package dev.roster.command;

import dev.roster.command.session.LogIn;
import dev.roster.command.session.LogInHandler;
import dev.roster.command.session.LogOut;
import dev.roster.command.session.LogOutHandler;
import dev.roster.command.session.LoggedIn;
import dev.roster.command.session.RefreshSession;
import dev.roster.command.session.RefreshSessionHandler;
import dev.roster.command.session.TokenPair;
import dev.roster.command.user.RegisterUser;
import dev.roster.command.user.RegisterUserHandler;
import dev.roster.http.RequestSource;
import dev.roster.http.UserResponses;
import dev.roster.http.problem.Problem;
import dev.roster.token.BearerToken;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** Lets people in, keeps them in, and lets them out. */
@Path("/api/v1/auth")
@Produces(MediaType.APPLICATION_JSON)
public final class AuthCommandResource {
    private final RegisterUserHandler register;
    private final LogInHandler logIn;
    private final RefreshSessionHandler refresh;
    private final LogOutHandler logOut;

    public AuthCommandResource(
            RegisterUserHandler register, LogInHandler logIn, RefreshSessionHandler refresh, LogOutHandler logOut) {
        this.register = register;
        this.logIn = logIn;
        this.refresh = refresh;
        this.logOut = logOut;
    }

    @POST
    @Path("/register")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response register(@Context HttpServletRequest request, RegisterUser command) {
        return UserResponses.created(register.handle(command, RequestSource.of(request)));
    }

    @POST
    @Path("/login")
    @Consumes(MediaType.APPLICATION_JSON)
    public LoggedIn logIn(@Context HttpServletRequest request, LogIn command) {
        return logIn.handle(command, RequestSource.of(request));
    }

    @POST
    @Path("/refresh")
    @Consumes(MediaType.APPLICATION_JSON)
    public TokenPair refresh(@Context HttpServletRequest request, RefreshSession command) {
        return refresh.handle(command, RequestSource.of(request));
    }

    /** Not behind the authenticator: a token that is expired or revoked already gets its 204 too. */
    @POST
    @Path("/logout")
    @Produces({MediaType.APPLICATION_JSON, Problem.MEDIA_TYPE})
    public void logOut(@Context HttpServletRequest request, @Context HttpHeaders headers) {
        String token = BearerToken.of(headers.getRequestHeader(HttpHeaders.AUTHORIZATION));
        logOut.handle(new LogOut(token, RequestSource.of(request)));
    }
}
