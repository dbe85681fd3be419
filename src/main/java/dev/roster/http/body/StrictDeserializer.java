package dev.roster.http.body;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.deser.std.DelegatingDeserializer;
import dev.roster.refusal.ErrorCode;
import dev.roster.refusal.Reason;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Shows a deserializer values of one JSON type. Any other value, null included, is collected as invalid. Thread-safe.
 */
class StrictDeserializer extends DelegatingDeserializer {
    private static final long serialVersionUID = 1L;

    private final JsonType type;
    private final transient @Nullable Object standIn;

    /** @param standIn the result for a value of another type */
    StrictDeserializer(JsonDeserializer<?> delegate, JsonType type, @Nullable Object standIn) {
        super(delegate);
        this.type = type;
        this.standIn = standIn;
    }

    @Override
    protected JsonDeserializer<?> newDelegatingInstance(JsonDeserializer<?> delegate) {
        return new StrictDeserializer(delegate, type, standIn);
    }

    @Override
    public @Nullable Object deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        if (type.starts.contains(parser.currentToken())) {
            return super.deserialize(parser, context);
        }
        parser.skipChildren();
        return refuse(parser, context);
    }

    /** The result for a JSON null. Jackson also calls this when a deserializer has returned null. */
    @Override
    public @Nullable Object getNullValue(DeserializationContext context) {
        JsonParser parser = context.getParser();
        return parser.hasToken(JsonToken.VALUE_NULL) ? refuse(parser, context) : null;
    }

    /** The result for a member that is missing. */
    @Override
    public @Nullable Object getAbsentValue(DeserializationContext context) {
        return null;
    }

    private @Nullable Object refuse(JsonParser parser, DeserializationContext context) {
        InvalidMembers.of(context)
                .add(
                        InvalidMembers.path(parser),
                        Reason.of(ErrorCode.WRONG_TYPE, "must be " + type.article + " " + type.id(), type.id()));
        return standIn;
    }

    /** The allowed JSON type of a value. */
    enum JsonType {
        STRING("a", JsonToken.VALUE_STRING),
        BOOLEAN("a", JsonToken.VALUE_TRUE, JsonToken.VALUE_FALSE),
        OBJECT("an", JsonToken.START_OBJECT),
        ARRAY("an", JsonToken.START_ARRAY);

        private final String article;

        @SuppressWarnings("ImmutableEnumChecker") // List.of makes it
        private final List<JsonToken> starts;

        JsonType(String article, JsonToken... starts) {
            this.article = article;
            this.starts = List.of(starts);
        }

        /** The name in JSON Schema. */
        String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
