package dev.roster.http;

import jakarta.inject.Singleton;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.util.function.Function;
import org.glassfish.jersey.internal.inject.AbstractBinder;
import org.glassfish.jersey.server.ContainerRequest;
import org.glassfish.jersey.server.model.Parameter;
import org.glassfish.jersey.server.spi.internal.ValueParamProvider;
import org.jspecify.annotations.Nullable;

/**
 * Passes the request to a resource method with a {@link ContainerRequestContext} parameter. Jersey's own lookup takes
 * as long as all other parameters together. Thread-safe.
 */
final class RequestParamProvider implements ValueParamProvider {
    @Override
    public @Nullable Function<ContainerRequest, ?> getValueProvider(Parameter parameter) {
        return parameter.getRawType() == ContainerRequestContext.class ? Function.identity() : null;
    }

    @Override
    public PriorityType getPriority() {
        return Priority.HIGH;
    }

    static final class Binder extends AbstractBinder {
        @Override
        protected void configure() {
            bind(RequestParamProvider.class).to(ValueParamProvider.class).in(Singleton.class);
        }
    }
}
