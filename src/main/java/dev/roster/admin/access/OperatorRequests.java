package dev.roster.admin.access;

import dev.roster.apikey.ApiKey;
import dev.roster.http.RequestSource;
import dev.roster.operator.Operator;
import dev.roster.refusal.InvalidMember;
import dev.roster.refusal.RefusedException;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Reads the operator of each request that changes something: key, actor and reason. Thread-safe. */
public final class OperatorRequests {
    private static final Set<String> READS = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);
    private static final String PROPERTY = Operator.class.getName();

    private final boolean areReasonsRequired;

    /** @param areReasonsRequired whether each write needs a reason */
    public OperatorRequests(boolean areReasonsRequired) {
        this.areReasonsRequired = areReasonsRequired;
    }

    /** The operator of this request, for a resource method that changes something. */
    public static Operator of(ContainerRequestContext request) {
        return Objects.requireNonNull((Operator) request.getProperty(PROPERTY), "The request changes nothing");
    }

    /** The key of this request, for a resource method. */
    public static ApiKey key(ContainerRequestContext request) {
        return Objects.requireNonNull(
                (ApiKey) request.getSecurityContext().getUserPrincipal(), "The request has no key");
    }

    /** @throws RefusedException {@code INVALID} if a header is invalid, or a write has no reason */
    void read(ContainerRequestContext request, ApiKey key, RequestSource source) {
        if (READS.contains(request.getMethod())) {
            return;
        }
        List<InvalidMember> invalid = new ArrayList<>();
        String reason = OperatorHeader.REASON.read(request.getHeaders(), areReasonsRequired, invalid);
        String actor = OperatorHeader.ACTOR.read(request.getHeaders(), false, invalid);
        if (!invalid.isEmpty()) {
            throw RefusedException.invalidHeaders(invalid);
        }
        request.setProperty(PROPERTY, new Operator(source, key.id(), actor, reason));
    }
}
