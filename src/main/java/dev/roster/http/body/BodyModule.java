package dev.roster.http.body;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.deser.DeserializationProblemHandler;
import com.fasterxml.jackson.databind.deser.Deserializers;
import com.fasterxml.jackson.databind.deser.std.NumberDeserializers;
import com.fasterxml.jackson.databind.jsontype.TypeDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.type.ArrayType;
import com.fasterxml.jackson.databind.type.CollectionType;
import com.fasterxml.jackson.databind.type.MapType;
import com.fasterxml.jackson.databind.type.ReferenceType;
import dev.roster.http.body.StrictDeserializer.JsonType;
import dev.roster.refusal.ErrorCode;
import dev.roster.refusal.Reason;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Tells Jackson how request bodies become records. Components are records, lists, maps, strings, booleans, and the
 * types added with {@link #add} and {@link #addObject}.
 */
public final class BodyModule extends SimpleModule {
    private static final long serialVersionUID = 1L;

    public BodyModule() {
        super("bodies");
        add(String.class, Function.identity(), "");
        JsonDeserializer<Boolean> booleans = new NumberDeserializers.BooleanDeserializer(Boolean.class, null);
        addStrict(Boolean.class, booleans, JsonType.BOOLEAN, false);
        setNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);
        setDeserializerModifier(new Strictness());
    }

    @Override
    public void setupModule(SetupContext context) {
        context.addDeserializers(new OtherTypes()); // asked after the added types
        super.setupModule(context);
        context.addDeserializationProblemHandler(new UnknownMembers());
    }

    /**
     * Adds a type whose values are strings in JSON.
     *
     * @param parse throws {@link dev.roster.refusal.InvalidValueException} if the text is invalid
     * @param standIn any value of the type. It takes the place of an invalid one until the whole body has been checked,
     *     so that rules across members see that the member was sent.
     */
    public <T> BodyModule add(Class<T> type, Function<String, T> parse, T standIn) {
        return addStrict(type, new TextDeserializer<>(type, parse, standIn), JsonType.STRING, standIn);
    }

    /**
     * Adds a type whose values are objects in JSON, with any members.
     *
     * @param parse takes the JSON text. Throws {@link dev.roster.refusal.RefusedException} if the object is invalid
     * @param standIn as in {@link #add}
     */
    public <T> BodyModule addObject(Class<T> type, Function<String, T> parse, T standIn) {
        return addStrict(type, new ObjectDeserializer<>(type, parse, standIn), JsonType.OBJECT, standIn);
    }

    @SuppressWarnings("unchecked") // the strict deserializer returns what the one inside it does, or the stand-in
    private <T> BodyModule addStrict(Class<T> type, JsonDeserializer<T> inside, JsonType form, T standIn) {
        addDeserializer(
                type, (JsonDeserializer<T>) (JsonDeserializer<?>) new StrictDeserializer(inside, form, standIn));
        return this;
    }

    /** Rejects all other types: Jackson would coerce values for them, such as "1" to 1. */
    private static final class OtherTypes extends Deserializers.Base {
        @Override
        public @Nullable JsonDeserializer<?> findBeanDeserializer(
                JavaType type, DeserializationConfig config, BeanDescription bean) {
            if (type.isRecordType()) {
                return null; // Jackson's own
            }
            throw new IllegalArgumentException("Not added to the module: " + type);
        }

        @Override
        public JsonDeserializer<?> findEnumDeserializer(
                Class<?> type, DeserializationConfig config, BeanDescription bean) {
            throw new IllegalArgumentException("Not added to the module: " + type);
        }

        @Override
        public JsonDeserializer<?> findTreeNodeDeserializer(
                Class<? extends JsonNode> type, DeserializationConfig config, BeanDescription bean) {
            throw new IllegalArgumentException("Not added to the module: " + type);
        }

        @Override
        public JsonDeserializer<?> findArrayDeserializer(
                ArrayType type,
                DeserializationConfig config,
                BeanDescription bean,
                TypeDeserializer elementType,
                JsonDeserializer<?> element) {
            throw new IllegalArgumentException("Not added to the module: " + type);
        }

        @Override
        public JsonDeserializer<?> findReferenceDeserializer(
                ReferenceType type,
                DeserializationConfig config,
                BeanDescription bean,
                TypeDeserializer contentType,
                JsonDeserializer<?> content) {
            throw new IllegalArgumentException("Not added to the module: " + type);
        }
    }

    private static final class UnknownMembers extends DeserializationProblemHandler {
        @Override
        public boolean handleUnknownProperty(
                DeserializationContext context,
                JsonParser parser,
                JsonDeserializer<?> deserializer,
                Object record,
                String name)
                throws IOException {
            InvalidMembers.of(context).addMember(name, Reason.of(ErrorCode.UNKNOWN_MEMBER, "is not a known member"));
            parser.skipChildren();
            return true;
        }
    }

    private static final class Strictness extends BeanDeserializerModifier {
        private static final long serialVersionUID = 1L;

        @Override
        public JsonDeserializer<?> modifyDeserializer(
                DeserializationConfig config, BeanDescription bean, JsonDeserializer<?> deserializer) {
            return bean.getBeanClass().isRecord() && !(deserializer instanceof StrictDeserializer)
                    ? new RecordDeserializer(deserializer, bean.getBeanClass())
                    : deserializer;
        }

        @Override
        public JsonDeserializer<?> modifyCollectionDeserializer(
                DeserializationConfig config,
                CollectionType type,
                BeanDescription bean,
                JsonDeserializer<?> deserializer) {
            return new StrictDeserializer(deserializer, JsonType.ARRAY, List.of());
        }

        @Override
        public JsonDeserializer<?> modifyMapDeserializer(
                DeserializationConfig config, MapType type, BeanDescription bean, JsonDeserializer<?> deserializer) {
            return new StrictDeserializer(deserializer, JsonType.OBJECT, Map.of());
        }
    }
}
