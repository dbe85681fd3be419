package dev.roster.http.body;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import dev.roster.refusal.InvalidMember;
import dev.roster.refusal.InvalidValueException;
import dev.roster.refusal.RefusedException;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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
    private final Map<Class<?>, Shape> shapes = new ConcurrentHashMap<>();

    MemberBinder(Map<Class<?>, Function<String, ?>> valueTypes) {
        this.valueTypes = valueTypes;
    }

    <T> T bind(Class<T> type, JsonNode body) {
        if (!body.isObject()) {
            throw RefusedException.invalid(BODY, "must be an object");
        }
        // Reflection makes all of it anew each time that it is asked.
        Shape shape = shapes.computeIfAbsent(type, this::shape);
        List<InvalidMember> invalid = new ArrayList<>();
        List<Member> members = shape.members();
        @Nullable Object[] values = new @Nullable Object[members.size()];
        for (int i = 0; i < values.length; i++) {
            Member member = members.get(i);
            try {
                values[i] = member.value(body);
            } catch (InvalidValueException e) {
                invalid.add(new InvalidMember(member.name(), e.reason()));
            }
        }
        body.fieldNames().forEachRemaining(name -> {
            if (members.stream().noneMatch(member -> member.name().equals(name))) {
                invalid.add(new InvalidMember(name, "is not a known member"));
            }
        });
        List<String> alternatives = shape.alternatives();
        if (!alternatives.isEmpty() && alternatives.stream().noneMatch(body::has)) {
            invalid.add(new InvalidMember(BODY, "must have one of: " + String.join(", ", alternatives)));
        }
        if (!invalid.isEmpty()) {
            throw RefusedException.invalid(invalid);
        }
        return type.cast(shape.construct(values));
    }

    private Shape shape(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            constructor.setAccessible(true);
            AtLeastOneOf alternatives = type.getAnnotation(AtLeastOneOf.class);
            return new Shape(
                    constructor,
                    Arrays.stream(components).map(this::member).toList(),
                    alternatives == null ? List.of() : List.of(alternatives.value()));
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("Not a record: " + type, e);
        }
    }

    private Member member(RecordComponent component) {
        Function<String, ?> parse = valueTypes.get(component.getType());
        if (parse == null) {
            throw new IllegalStateException("No value type: " + component.getType());
        }
        RequiredWith other = component.getAnnotation(RequiredWith.class);
        return new Member(
                NAMES.translate(component.getName()),
                parse,
                component.getAnnotatedType().isAnnotationPresent(Nullable.class),
                other == null ? null : other.value());
    }

    /**
     * What a type of record looks like.
     *
     * @param alternatives one of which there has to be; none, where there need not
     */
    private record Shape(Constructor<?> constructor, List<Member> members, List<String> alternatives) {
        Object construct(@Nullable Object[] values) {
            try {
                return constructor.newInstance(values);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("Not a record of plain components: " + constructor, e);
            }
        }
    }

    /** @param requiredWith the member beside which it is required; null where there is none */
    private record Member(
            String name,
            Function<String, ?> parse,
            boolean isOptional,
            @Nullable String requiredWith) {
        @Nullable
        Object value(JsonNode body) {
            JsonNode member = body.get(name);
            if (member == null) {
                if (requiredWith != null && body.has(requiredWith)) {
                    throw new InvalidValueException("is required with " + requiredWith);
                }
                if (!isOptional) {
                    throw new InvalidValueException("is required");
                }
                return null;
            }
            if (!member.isTextual()) {
                throw new InvalidValueException("must be a string");
            }
            return parse.apply(member.textValue());
        }
    }
}
