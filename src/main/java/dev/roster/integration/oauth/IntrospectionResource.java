package dev.roster.integration.oauth;

import dev.roster.apikey.Scope;
import dev.roster.command.ChangesNothing;
import dev.roster.http.body.FormBody;
import dev.roster.integration.access.ServiceKeys;
import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import dev.roster.token.AccessToken;
import dev.roster.token.TokenAuthenticator;
import dev.roster.token.TokenConfiguration;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;

/**
 * Tells other services whether an access token is accepted now (RFC 7662), by the checks of this service's own
 * requests: from memory while the feed is fresh.
 */
@Path("/oauth/introspect")
@Produces(MediaType.APPLICATION_JSON)
public final class IntrospectionResource {
    private final ServiceKeys keys;
    private final TokenAuthenticator authenticator;
    private final String issuer;
    private final String audience;
    private final CounterDataPoint active;
    private final CounterDataPoint inactive;

    IntrospectionResource(
            ServiceKeys keys,
            TokenAuthenticator authenticator,
            TokenConfiguration configuration,
            PrometheusRegistry metrics) {
        this.keys = keys;
        this.authenticator = authenticator;
        this.issuer = configuration.issuer();
        this.audience = configuration.audience();
        Counter introspections = Counter.builder()
                .name("roster_introspections")
                .help("Answers to other services that asked about a token: active or inactive.")
                .labelNames("outcome")
                .withoutExemplars()
                .register(metrics);
        this.active = introspections.labelValues("active");
        this.inactive = introspections.labelValues("inactive");
    }

    @POST
    @ChangesNothing
    public TokenState introspect(@Context HttpServletRequest request, FormBody form) {
        var unused = keys.authenticate(request, Scope.INTROSPECT);
        String compact = form.only("token");
        try {
            AccessToken token = authenticator.check(compact);
            active.inc();
            return TokenState.active(token, issuer, audience);
        } catch (RefusedException e) {
            if (e.refusal() != Refusal.INVALID_TOKEN) {
                throw e;
            }
            inactive.inc();
            return TokenState.INACTIVE;
        }
    }
}
