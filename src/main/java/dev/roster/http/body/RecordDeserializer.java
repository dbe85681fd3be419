package dev.roster.http.body;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import dev.roster.refusal.ErrorCode;
import dev.roster.refusal.Reason;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads a record. A member is required unless the type of its component is {@link Nullable}. Thread-safe. */
final class RecordDeserializer extends StrictDeserializer {
    private static final long serialVersionUID = 1L;

    /** By the name of the member. */
    private final transient Map<String, Method> required;

    RecordDeserializer(JsonDeserializer<?> delegate, Class<?> type) {
        this(delegate, requiredMembers(type));
    }

    private RecordDeserializer(JsonDeserializer<?> delegate, Map<String, Method> required) {
        super(delegate, JsonType.OBJECT, null);
        this.required = required;
    }

    private static Map<String, Method> requiredMembers(Class<?> type) {
        Map<String, Method> required = new TreeMap<>();
        for (RecordComponent component : type.getRecordComponents()) {
            if (!component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                component.getAccessor().setAccessible(true);
                required.put(InvalidMembers.memberName(component.getName()), component.getAccessor());
            }
        }
        return required;
    }

    @Override
    protected JsonDeserializer<?> newDelegatingInstance(JsonDeserializer<?> delegate) {
        return new RecordDeserializer(delegate, required);
    }

    @Override
    public @Nullable Object deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        InvalidMembers invalid = InvalidMembers.of(context);
        String outer = invalid.startObject(InvalidMembers.path(parser));
        Object value = super.deserialize(parser, context);
        if (value != null) {
            addMissing(value, invalid);
        }
        invalid.continueObject(outer);
        return value;
    }

    private void addMissing(Object value, InvalidMembers invalid) {
        required.forEach((name, accessor) -> {
            if (get(value, accessor) == null && !invalid.hasMember(name)) {
                invalid.addMember(name, Reason.of(ErrorCode.MISSING, "is required"));
            }
        });
    }

    private static @Nullable Object get(Object value, Method accessor) {
        try {
            return accessor.invoke(value);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Not a plain record: " + value.getClass(), e);
        }
    }
}
