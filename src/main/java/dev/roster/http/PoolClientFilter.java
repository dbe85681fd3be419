package dev.roster.http;

import dev.roster.database.pool.PoolClient;
import dev.roster.http.connection.BufferingHandler;
import dev.roster.http.connection.IpAddress;
import jakarta.annotation.Priority;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import java.io.IOException;
import java.security.Principal;

/** Tells the database's pools for whom a request waits: its user, or its network until the user is authenticated. */
@Priority(Priorities.AUTHORIZATION)
final class PoolClientFilter extends HttpFilter implements ContainerRequestFilter {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String address = request.getRemoteAddr();
        PoolClient client = new PoolClient(() -> IpAddress.network(address));
        client.deadline(BufferingHandler.deadline(request));
        client.enter();
        try {
            chain.doFilter(request, response);
        } finally {
            PoolClient.leave();
        }
    }

    @Override
    public void filter(ContainerRequestContext request) {
        Principal user = request.getSecurityContext().getUserPrincipal();
        if (user != null) {
            PoolClient.current().rename(user::getName);
        }
    }
}
