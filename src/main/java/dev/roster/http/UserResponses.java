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

/** Answers with a user and its entity tag. Only the client may cache them, and it must revalidate before each use. */
public final class UserResponses {
    private static final String CACHE_CONTROL = "private, no-cache";

    private UserResponses() {}

    /** 201 with the new user and its location. */
    public static Response created(StoredUser stored) {
        URI location = URI.create("/api/v1/users/" + stored.user().id());
        return withUser(Response.created(location), stored);
    }

    /** 200 with the updated user. */
    public static Response changed(StoredUser stored) {
        return withUser(Response.ok(), stored);
    }

    /**
     * 200 with the user; 304 if the client has this version already (RFC 9110, section 13.1.2).
     *
     * @throws RefusedException {@code VERSION_CONFLICT} if {@code If-Match} lists other versions only
     */
    public static Response read(StoredUser stored, ContainerRequestContext request) {
        List<Long> wanted = EntityTags.versions(request.getHeaderString(HttpHeaders.IF_MATCH));
        if (wanted != null && !wanted.contains(stored.version())) {
            throw new RefusedException(Refusal.VERSION_CONFLICT, "The user has no version listed in If-Match.");
        }
        return EntityTags.isListed(EntityTags.of(stored.version()), request.getHeaderString(HttpHeaders.IF_NONE_MATCH))
                ? withTag(Response.notModified(), EntityTags.of(stored.version()))
                : changed(stored);
    }

    private static Response withUser(Response.ResponseBuilder response, StoredUser stored) {
        return withTag(response.entity(stored.user()), EntityTags.of(stored.version()));
    }

    private static Response withTag(Response.ResponseBuilder response, EntityTag tag) {
        // A string spares Jersey the search for a writer of EntityTag.
        return response.header(HttpHeaders.ETAG, '"' + tag.getValue() + '"')
                .header(HttpHeaders.CACHE_CONTROL, CACHE_CONTROL)
                .header(HttpHeaders.VARY, HttpHeaders.AUTHORIZATION)
                .build();
    }
}
