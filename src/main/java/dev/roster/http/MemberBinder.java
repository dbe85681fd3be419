package dev.roster.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import dev.roster.user.InvalidMember;
import dev.roster.user.InvalidValueException;
import dev.roster.user.RefusedException;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes a request record of a JSON object, and names everything that is wrong with it at once. Every member is a string;
 * the type of the record's component says of what kind. A component is optional where its type is {@link Nullable}.
 * Jackson's own binding would stop at the first bad member. Thread-safe.
 */
final class MemberBinder {
    private static final SnakeCaseStrategy NAMES = (SnakeCaseStrategy) PropertyNamingStrategies.SNAKE_CASE;
    private static final String BODY = "body";

    private final Map<Class<?>, Function<String, ?>> valueTypes;

    MemberBinder(Map<Class<?>, Function<String, ?>> valueTypes) {
        this.valueTypes = valueTypes;
    }

    <T> T bind(Class<T> type, JsonNode body) {
        if (!body.isObject()) {
            throw RefusedException.invalid(BODY, "must be an object");
        }
        RecordComponent[] components = type.getRecordComponents();
        List<InvalidMember> invalid = new ArrayList<>();
        @Nullable Object[] values = new @Nullable Object[components.length];
        Set<String> known = new HashSet<>();
        for (int i = 0; i < components.length; i++) {
            String name = NAMES.translate(components[i].getName());
            known.add(name);
            try {
                values[i] = value(components[i], name, body);
            } catch (InvalidValueException e) {
                invalid.add(new InvalidMember(name, e.reason()));
            }
        }
        body.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                invalid.add(new InvalidMember(name, "is not a known member"));
            }
        });
        AtLeastOneOf alternatives = type.getAnnotation(AtLeastOneOf.class);
        if (alternatives != null && Arrays.stream(alternatives.value()).noneMatch(body::has)) {
            invalid.add(new InvalidMember(BODY, "must have one of: " + String.join(", ", alternatives.value())));
        }
        if (!invalid.isEmpty()) {
            throw RefusedException.invalid(invalid);
        }
        return construct(type, components, values);
    }

    private @Nullable Object value(RecordComponent component, String name, JsonNode body) {
        JsonNode member = body.get(name);
        if (member == null) {
            RequiredWith other = component.getAnnotation(RequiredWith.class);
            if (other != null && body.has(other.value())) {
                throw new InvalidValueException("is required with " + other.value());
            }
            if (!component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                throw new InvalidValueException("is required");
            }
            return null;
        }
        if (!member.isTextual()) {
            throw new InvalidValueException("must be a string");
        }
        Function<String, ?> parse = valueTypes.get(component.getType());
        if (parse == null) {
            throw new IllegalStateException("No value type: " + component.getType());
        }
        return parse.apply(member.textValue());
    }

    private static <T> T construct(Class<T> type, RecordComponent[] components, @Nullable Object[] values) {
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            Constructor<T> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Not a record of plain components: " + type, e);
        }
    }
}
