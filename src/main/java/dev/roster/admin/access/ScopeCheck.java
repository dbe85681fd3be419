package dev.roster.admin.access;

import dev.roster.host.admin.AdminJersey;
import dev.roster.host.admin.NeedsNoKey;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.DynamicFeature;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.FeatureContext;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Stops the start if a route of the admin port has no scope and its class does not have {@link NeedsNoKey}: every key
 * would be refused. Also stops the start if a class of the operators' API has {@code NeedsNoKey}: its routes would be
 * open to everybody.
 */
public final class ScopeCheck implements DynamicFeature {
    @Override
    public void configure(ResourceInfo resource, FeatureContext context) {
        Method method = resource.getResourceMethod();
        Class<?> type = resource.getResourceClass();
        boolean isRoute = Arrays.stream(method.getAnnotations()).anyMatch(ScopeCheck::isHttpMethod);
        boolean needsNoKey = type.isAnnotationPresent(NeedsNoKey.class);
        if (isRoute && !needsNoKey && !method.isAnnotationPresent(RequiresScope.class)) {
            throw new IllegalStateException(method + " has no @RequiresScope");
        }
        if (needsNoKey && isOfApi(type.getAnnotation(Path.class), method.getAnnotation(Path.class))) {
            throw new IllegalStateException(method + " is below " + AdminJersey.API + " and needs no key");
        }
    }

    private static boolean isHttpMethod(Annotation annotation) {
        return annotation.annotationType().isAnnotationPresent(HttpMethod.class);
    }

    private static boolean isOfApi(@Nullable Path ofClass, @Nullable Path ofMethod) {
        String path = "/" + value(ofClass) + "/" + value(ofMethod);
        return AdminJersey.isApi(path.replaceAll("/{2,}", "/").replaceAll("(?<=.)/$", ""));
    }

    private static String value(@Nullable Path path) {
        return path == null ? "" : path.value();
    }
}
