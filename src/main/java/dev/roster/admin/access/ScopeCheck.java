package dev.roster.admin.access;

import dev.roster.host.admin.AdminJersey;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.DynamicFeature;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.FeatureContext;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Stops the start if a route of the operators' API has no scope. The filter would answer it to every key. */
public final class ScopeCheck implements DynamicFeature {
    @Override
    public void configure(ResourceInfo resource, FeatureContext context) {
        Method method = resource.getResourceMethod();
        Path path = resource.getResourceClass().getAnnotation(Path.class);
        boolean isRoute = path != null && Arrays.stream(method.getAnnotations()).anyMatch(ScopeCheck::isHttpMethod);
        if (isRoute
                && isOfApi(path, method.getAnnotation(Path.class))
                && !method.isAnnotationPresent(RequiresScope.class)) {
            throw new IllegalStateException(method + " has no @RequiresScope");
        }
    }

    private static boolean isHttpMethod(Annotation annotation) {
        return annotation.annotationType().isAnnotationPresent(HttpMethod.class);
    }

    private static boolean isOfApi(Path ofClass, @Nullable Path ofMethod) {
        String path = "/" + ofClass.value() + "/" + (ofMethod == null ? "" : ofMethod.value());
        return AdminJersey.isApi(path.replaceAll("/{2,}", "/"));
    }
}
