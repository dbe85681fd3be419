package dev.roster.command;

import dev.roster.http.ConsistencyToken;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.Response;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells who has written where its commit is in the database's log: at or before what is on the disk after it. Not what is
 * only in memory: that a replica would have to wait for. Thread-safe.
 */
public final class ConsistencyTokenFilter implements ContainerResponseFilter {
    private static final Logger LOGGER = LoggerFactory.getLogger(ConsistencyTokenFilter.class);
    private static final Set<String> WRITES = Set.of(HttpMethod.POST, HttpMethod.PUT, HttpMethod.DELETE);

    private final Jdbi jdbi;

    public ConsistencyTokenFilter(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (WRITES.contains(request.getMethod())
                && response.getStatusInfo().getFamily() == Response.Status.Family.SUCCESSFUL) {
            response.getHeaders().putSingle(ConsistencyToken.HEADER, position());
        }
    }

    private String position() {
        try {
            return jdbi.withHandle(handle -> handle.createQuery("SELECT pg_current_wal_flush_lsn()::text")
                    .mapTo(String.class)
                    .one());
        } catch (JdbiException e) {
            // It is written all the same, and must not be answered as if it were not.
            LOGGER.warn(
                    "The position of a commit cannot be told: {}", e.getClass().getSimpleName());
            return ConsistencyToken.PRIMARY_ALONE;
        }
    }
}
