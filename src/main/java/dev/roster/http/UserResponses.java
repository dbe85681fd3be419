package dev.roster.http;

import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import dev.roster.user.StoredUser;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.List;

/** Answers that hold a user, with its entity tag: to be kept by the caller alone, and asked about before each use. */
public final class UserResponses {
    private static final String CACHE_CONTROL = "private, no-cache";

    private UserResponses() {}

    /** 201 with the new user and its place. */
    public static Response created(StoredUser stored) {
        URI location = URI.create("/api/v1/users/" + stored.user().id());
        return withUser(Response.created(location), stored);
    }

    /** 200 with the user as it now is. */
    public static Response changed(StoredUser stored) {
        return withUser(Response.ok(), stored);
    }

    /**
     * 200 with the user; 304 where the caller has this version already (RFC 9110, section 13.1.2).
     *
     * @throws RefusedException {@code VERSION_CONFLICT} where the caller wants another
     */
    public static Response read(StoredUser stored, ContainerRequestContext request) {
        List<Long> wanted = EntityTags.versions(request.getHeaderString(HttpHeaders.IF_MATCH));
        if (wanted != null && !wanted.contains(stored.version())) {
            throw new RefusedException(Refusal.VERSION_CONFLICT, "The user is not of the version in If-Match.");
        }
        return EntityTags.isNamed(EntityTags.of(stored.version()), request.getHeaderString(HttpHeaders.IF_NONE_MATCH))
                ? withTag(Response.notModified(), EntityTags.of(stored.version()))
                : changed(stored);
    }

    private static Response withUser(Response.ResponseBuilder response, StoredUser stored) {
        return withTag(response.entity(stored.user()), EntityTags.of(stored.version()));
    }

    private static Response withTag(Response.ResponseBuilder response, EntityTag tag) {
        // As text: Jersey would look for who can write an EntityTag, each time.
        return response.header(HttpHeaders.ETAG, '"' + tag.getValue() + '"')
                .header(HttpHeaders.CACHE_CONTROL, CACHE_CONTROL)
                .header(HttpHeaders.VARY, HttpHeaders.AUTHORIZATION)
                .build();
    }
}
