package dev.roster.command;

import dev.roster.database.pool.PoolClient;
import dev.roster.database.primary.Epoch;
import dev.roster.http.ConsistencyToken;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.lang.reflect.Method;
import java.util.Set;
import java.util.function.Supplier;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the answer to each write a {@code Consistency-Token}: the position of its commit in the write-ahead log, or, if
 * that is not known, the position up to which the log is flushed. A position that is not flushed yet would make a
 * replica wait. Thread-safe.
 *
 * <p>An answer 202 has none: no read shows what the request wrote, and the position would reveal how much it wrote.
 */
public final class ConsistencyTokenFilter implements ContainerResponseFilter {
    private static final Logger LOGGER = LoggerFactory.getLogger(ConsistencyTokenFilter.class);
    private static final Set<String> WRITES = Set.of(HttpMethod.POST, HttpMethod.PUT, HttpMethod.DELETE);

    private final Jdbi jdbi;
    private final Supplier<Epoch> epoch;

    @Context
    private ResourceInfo resource;

    public ConsistencyTokenFilter(Jdbi jdbi, Supplier<Epoch> epoch) {
        this.jdbi = jdbi;
        this.epoch = epoch;
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (isWrite(request.getMethod())
                && response.getStatusInfo().getFamily() == Response.Status.Family.SUCCESSFUL
                && response.getStatus() != Response.Status.ACCEPTED.getStatusCode()) {
            String committed = PoolClient.current().token();
            response.getHeaders().putSingle(ConsistencyToken.HEADER, committed == null ? flushed() : committed);
        }
    }

    private boolean isWrite(String method) {
        Method route = resource.getResourceMethod();
        return WRITES.contains(method) && (route == null || !route.isAnnotationPresent(ChangesNothing.class));
    }

    private String flushed() {
        try {
            return jdbi.withHandle(Commit::flushed).toString();
        } catch (JdbiException e) {
            // The write is committed, so the answer must not say that it failed.
            LOGGER.warn(
                    "The position of a commit is unknown, reads will ask the primary: {}",
                    e.getClass().getSimpleName());
            return ConsistencyToken.unknown(epoch.get().timeline()).toString();
        }
    }
}
