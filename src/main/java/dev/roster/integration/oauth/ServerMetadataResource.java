package dev.roster.integration.oauth;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.roster.http.condition.Preconditions;
import dev.roster.http.condition.Validators;
import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import dev.roster.token.signing.SigningKeys;
import jakarta.ws.rs.Encoded;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells clients where the endpoints of this service are (RFC 8414). */
@Path("/.well-known/oauth-authorization-server")
@Produces(MediaType.APPLICATION_JSON)
public final class ServerMetadataResource {
    private static final String CACHE_CONTROL = "public, max-age=300";

    private final @Nullable Issuer issuer;
    private final SigningKeys signingKeys;

    ServerMetadataResource(String issuer, SigningKeys signingKeys) {
        this.issuer = Issuer.of(issuer).orElse(null);
        this.signingKeys = signingKeys;
    }

    @GET
    public Response get(@Context ContainerRequestContext context) {
        if (issuer == null) {
            throw new RefusedException(
                    Refusal.NOT_FOUND, "There is no metadata, because JWT_ISSUER is not an https URL.");
        }
        Response.ResponseBuilder answer = Preconditions.of(context).isNotModified(Validators.NONE)
                ? Response.notModified()
                : Response.ok(ServerMetadata.of(issuer, !signingKeys.published().isEmpty()));
        return answer.header(HttpHeaders.CACHE_CONTROL, CACHE_CONTROL).build();
    }

    /** The same for clients of an issuer with a path (RFC 8414, section 3.1). */
    @GET
    @Path("{path: .+}")
    public Response getOfPath(@Encoded @PathParam("path") String path, @Context ContainerRequestContext context) {
        if (issuer == null || !issuer.path().equals("/" + path)) {
            throw new NotFoundException();
        }
        return get(context);
    }

    /**
     * The document (RFC 8414, section 2).
     *
     * @param jwksUri null if no token can be verified with a public key
     * @param responseTypesSupported none: nobody logs in by OAuth
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ServerMetadata(
            String issuer,
            @Nullable String jwksUri,
            String introspectionEndpoint,
            List<String> introspectionEndpointAuthMethodsSupported,
            String revocationEndpoint,
            List<String> revocationEndpointAuthMethodsSupported,
            List<String> responseTypesSupported) {
        static ServerMetadata of(Issuer issuer, boolean hasKeys) {
            return new ServerMetadata(
                    issuer.name(),
                    hasKeys ? issuer.base() + "/.well-known/jwks.json" : null,
                    issuer.base() + "/oauth/introspect",
                    List.of("client_secret_basic", "Bearer"),
                    issuer.base() + "/oauth/revoke",
                    List.of("client_secret_basic"),
                    List.of());
        }
    }
}
