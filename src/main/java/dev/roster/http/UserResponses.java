package dev.roster.http;

import dev.roster.http.condition.Preconditions;
import dev.roster.http.condition.Validators;
import dev.roster.user.StoredUser;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.UUID;

/** Answers with a user and its entity tag. Only the client may cache them, and it must revalidate before each use. */
public final class UserResponses {
    private static final String CACHE_CONTROL = "private, no-cache";

    private UserResponses() {}

    /** 201 with the new user, as the person sees it, and its location. */
    public static Response created(StoredUser stored, ContainerRequestContext request) {
        String location = RelativeReference.to("/api/v1/users/" + stored.user().id(), request);
        return withTag(
                Response.status(Response.Status.CREATED)
                        .header(HttpHeaders.LOCATION, location)
                        .entity(stored.own()),
                Validators.of(stored));
    }

    /**
     * 201 with a new user, as operators see it.
     *
     * @param location relative to the request
     */
    public static Response created(Object user, Validators validators, String location) {
        return withTag(
                Response.status(Response.Status.CREATED)
                        .header(HttpHeaders.LOCATION, location)
                        .entity(user),
                validators);
    }

    /** 200 with the updated user, as operators see it. */
    public static Response changed(Object user, Validators validators) {
        return withTag(Response.ok(user), validators);
    }

    /**
     * 200 with the updated user, as the person sees it.
     *
     * @param validators of the user at the requested path
     */
    public static Response changed(StoredUser stored, Validators validators) {
        return withTag(Response.ok(stored.own()), validators);
    }

    /**
     * 200 with the user, as the caller sees it; 304 if the client has this version already.
     *
     * @param validators of the user at the requested path
     * @throws dev.roster.refusal.RefusedException {@code VERSION_CONFLICT} if a precondition does not hold
     */
    public static Response read(
            StoredUser stored, UUID callerId, Validators validators, ContainerRequestContext request) {
        return withTag(
                Preconditions.of(request).isNotModified(validators)
                        ? Response.notModified()
                        : Response.ok(stored.shownTo(callerId)),
                validators);
    }

    private static Response withTag(Response.ResponseBuilder response, Validators validators) {
        // A string spares Jersey the search for a writer of EntityTag.
        return response.header(HttpHeaders.ETAG, validators.quotedTag())
                .header(HttpHeaders.CACHE_CONTROL, CACHE_CONTROL)
                .header(HttpHeaders.VARY, HttpHeaders.AUTHORIZATION)
                .build();
    }
}
