package dev.roster.admin.access;

import dev.roster.apikey.ApiKey;
import dev.roster.apikey.ApiKeys;
import dev.roster.apikey.KeyLimits;
import dev.roster.host.admin.NeedsNoKey;
import dev.roster.http.RequestSource;
import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import dev.roster.refusal.TokenFault;
import jakarta.annotation.Priority;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.SecurityContext;
import java.security.Principal;
import java.util.List;
import java.util.Set;
import org.glassfish.jersey.process.Inflector;
import org.jspecify.annotations.Nullable;

/**
 * Authenticates each request by its key, and lets it through if the key has the scope of the route that Jersey matched.
 * Then it reads who acts, and why, if the request changes something. Resources with {@link NeedsNoKey} need no key; a
 * route with neither annotation is closed to every key.
 */
@Priority(Priorities.AUTHENTICATION)
public final class KeyFilter implements ContainerRequestFilter {
    private static final String SCHEME = "Bearer ";

    /**
     * The faults that count as guesses. Expired and revoked keys do not: a script with an old key must not use up the
     * limit of everybody at its address.
     */
    private static final Set<TokenFault> WRONG = Set.of(TokenFault.MALFORMED, TokenFault.UNKNOWN_KEY);

    private final ApiKeys keys;
    private final KeyLimits limits;
    private final OperatorRequests operators;

    @Context
    private HttpServletRequest request;

    @Context
    private ResourceInfo resource;

    public KeyFilter(ApiKeys keys, KeyLimits limits, OperatorRequests operators) {
        this.keys = keys;
        this.limits = limits;
        this.operators = operators;
    }

    @Override
    public void filter(ContainerRequestContext context) {
        RequiresScope route = resource.getResourceMethod().getAnnotation(RequiresScope.class);
        Class<?> type = resource.getResourceClass();
        if (route == null && (type.isAnnotationPresent(NeedsNoKey.class) || isAnswerOfJersey(type))) {
            return;
        }
        RequestSource source = RequestSource.of(request);
        ApiKey key = authenticate(context.getHeaders().get(HttpHeaders.AUTHORIZATION), source);
        context.setSecurityContext(new OfKey(key));
        limits.take(key, context.getMethod().equals(HttpMethod.DELETE));
        if (route == null) {
            throw new RefusedException(Refusal.FORBIDDEN, "No key allows this request.");
        }
        if (!key.allows(route.value())) {
            throw new RefusedException(
                    Refusal.INSUFFICIENT_SCOPE,
                    "The key needs the scope " + route.value().id() + " for this request.");
        }
        operators.read(context, key, source);
    }

    /** Jersey itself answers OPTIONS on each path, and names the methods. This answer becomes a 405. */
    private boolean isAnswerOfJersey(Class<?> type) {
        return request.getMethod().equals(HttpMethod.OPTIONS) && Inflector.class.isAssignableFrom(type);
    }

    private ApiKey authenticate(@Nullable List<String> headers, RequestSource source) {
        if (headers != null && headers.size() > 1) {
            throw new BadRequestException("There is more than one Authorization header");
        }
        String header = headers == null || headers.isEmpty() ? "" : headers.get(0);
        if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw RefusedException.apiKey(TokenFault.MISSING);
        }
        try {
            return keys.authenticate(header.substring(SCHEME.length()).strip(), source, limits);
        } catch (RefusedException e) {
            if (e.tokenFault() != null && WRONG.contains(e.tokenFault())) {
                limits.countWrongKey(source);
            }
            throw e;
        }
    }

    private record OfKey(ApiKey key) implements SecurityContext {
        @Override
        public Principal getUserPrincipal() {
            return key;
        }

        @Override
        public boolean isUserInRole(String role) {
            return false;
        }

        @Override
        public boolean isSecure() {
            return false;
        }

        @Override
        public String getAuthenticationScheme() {
            return "Bearer";
        }
    }
}
