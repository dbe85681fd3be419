package dev.roster.admin.access;

import dev.roster.apikey.ApiKey;
import dev.roster.apikey.ApiKeys;
import dev.roster.apikey.KeyLimits;
import dev.roster.host.admin.NeedsNoKey;
import dev.roster.http.Credentials;
import dev.roster.http.RequestSource;
import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import dev.roster.refusal.TokenFault;
import jakarta.annotation.Priority;
import jakarta.servlet.http.HttpServletRequest;
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
import org.glassfish.jersey.process.Inflector;
import org.jspecify.annotations.Nullable;

/**
 * Authenticates each request by its key, and lets it through if the key has the scope of the route that Jersey matched.
 * Then it reads who acts, and why, if the request changes something. Resources with {@link NeedsNoKey} need no key; a
 * route with neither annotation is closed to every key.
 */
@Priority(Priorities.AUTHENTICATION)
public final class KeyFilter implements ContainerRequestFilter {
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
        key.require(route.value());
        operators.read(context, key, source);
    }

    /** Jersey itself answers OPTIONS on each path, and names the methods. This answer becomes a 405. */
    private boolean isAnswerOfJersey(Class<?> type) {
        return request.getMethod().equals(HttpMethod.OPTIONS) && Inflector.class.isAssignableFrom(type);
    }

    private ApiKey authenticate(@Nullable List<String> headers, RequestSource source) {
        String key = Credentials.of(headers, "Bearer");
        if (key == null) {
            throw RefusedException.apiKey(TokenFault.MISSING);
        }
        return keys.authenticate(key, source, limits);
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
