package dev.roster.command.emailchange;

import dev.roster.http.RequestSource;
import dev.roster.http.UserResponses;
import dev.roster.http.condition.Validators;
import dev.roster.user.StoredUser;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** Completes or reverts changes of addresses. Only a POST uses a token: programs follow links too. */
@Path("/api/v1/auth/email-change")
public final class EmailChangeResource {
    private final ConfirmEmailChangeHandler confirm;
    private final RevertEmailChangeHandler revert;

    public EmailChangeResource(ConfirmEmailChangeHandler confirm, RevertEmailChangeHandler revert) {
        this.confirm = confirm;
        this.revert = revert;
    }

    @POST
    @Path("/confirm")
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    public Response confirm(@Context HttpServletRequest servlet, EmailChangeToken command) {
        StoredUser user = confirm.handle(command, RequestSource.of(servlet));
        return UserResponses.changed(user, Validators.of(user));
    }

    @POST
    @Path("/revert")
    @Consumes(MediaType.APPLICATION_JSON)
    public void revert(@Context HttpServletRequest servlet, EmailChangeToken command) {
        revert.handle(command, RequestSource.of(servlet));
    }
}
