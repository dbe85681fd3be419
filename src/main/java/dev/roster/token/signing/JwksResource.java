package dev.roster.token.signing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.hash.Hashing;
import dev.roster.http.condition.Preconditions;
import dev.roster.http.condition.Validators;
import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;

/**
 * The public keys with which other services verify access tokens (RFC 7517, section 5): also those that do not sign
 * yet, and those whose last tokens have not expired. Answers from memory while the feed is fresh.
 */
@Path("/.well-known/jwks.json")
public final class JwksResource {
    private static final String JWK_SET = "application/jwk-set+json";
    private static final String CACHE_CONTROL = "public, max-age=300";
    private static final JsonMapper JSON = new JsonMapper();

    private final SigningKeys keys;

    JwksResource(SigningKeys keys) {
        this.keys = keys;
    }

    /**
     * Returns all keys, the newest first.
     *
     * @throws RefusedException {@code NOT_FOUND} while there are none, {@code UNAVAILABLE}, {@code VERSION_CONFLICT}
     */
    @GET
    @Produces({JWK_SET, MediaType.APPLICATION_JSON}) // for clients that accept JSON only
    public Response keys(@Context ContainerRequestContext request) {
        List<Map<String, Object>> published =
                keys.published().stream().map(SigningKey::publicJwk).toList();
        if (published.isEmpty()) {
            throw new RefusedException(
                    Refusal.NOT_FOUND, "HS256 signs tokens, and has no public keys. TOKEN_ALGORITHM chooses another.");
        }
        byte[] body = write(Map.of("keys", published));
        Validators tag = Validators.of(Hashing.sha256().hashBytes(body).toString());
        Response.ResponseBuilder answer = Preconditions.of(request).isNotModified(tag)
                ? Response.notModified()
                : Response.ok(body, JWK_SET).header(HttpHeaders.CONTENT_LENGTH, body.length);
        return answer.header(HttpHeaders.ETAG, tag.quotedTag())
                .header(HttpHeaders.CACHE_CONTROL, CACHE_CONTROL)
                .build();
    }

    private static byte[] write(Map<String, ?> set) {
        try {
            return JSON.writeValueAsBytes(set);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A map of texts is JSON", e);
        }
    }
}
