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
 * Hands a method its request, where it has a parameter for a {@link ContainerRequestContext}. Jersey would look it up in
 * its services, which takes as long as the rest of the parameters together. Thread-safe.
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

    /** Makes it known to Jersey. */
    static final class Binder extends AbstractBinder {
        @Override
        protected void configure() {
            bind(RequestParamProvider.class).to(ValueParamProvider.class).in(Singleton.class);
        }
    }
}
