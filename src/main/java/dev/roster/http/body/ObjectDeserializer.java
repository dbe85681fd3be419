package dev.roster.http.body;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import dev.roster.refusal.Reason;
import dev.roster.refusal.RefusedException;
import dev.roster.user.ExactNumber;
import dev.roster.user.SafeText;
import java.io.IOException;
import java.io.StringWriter;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes a value of an object that may have any members. Refuses what a database or a client would not keep as it was
 * sent: unsafe characters and inexact numbers. Copies the tokens, and builds no tree. Thread-safe.
 */
final class ObjectDeserializer<T> extends StdScalarDeserializer<T> {
    private static final long serialVersionUID = 1L;
    private static final JsonFactory JSON = new JsonFactory();

    private final transient Function<String, T> parse;
    private final transient T standIn;

    /**
     * @param parse takes the object's JSON text
     * @param standIn the result for an object that is invalid
     */
    ObjectDeserializer(Class<T> type, Function<String, T> parse, T standIn) {
        super(type);
        this.parse = parse;
        this.standIn = standIn;
    }

    @Override
    public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        InvalidMembers invalid = InvalidMembers.of(context);
        StringWriter text = new StringWriter();
        try (JsonGenerator copy = JSON.createGenerator(text)) {
            if (!new Copy(parser, copy, invalid).object()) {
                return standIn;
            }
        }
        try {
            return parse.apply(text.toString());
        } catch (RefusedException e) {
            invalid.refuse(e);
            return standIn;
        }
    }

    private record Copy(JsonParser parser, JsonGenerator copy, InvalidMembers invalid) {

        /** Copies the object that has begun, and returns whether all of it is valid. */
        boolean object() throws IOException {
            copy.writeStartObject();
            boolean isValid = true;
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                isValid &= member();
            }
            copy.writeEndObject();
            return isValid;
        }

        private boolean member() throws IOException {
            String name = parser.currentName();
            Reason objection = SafeText.objection(name);
            JsonToken unused = parser.nextToken();
            if (objection == null) {
                copy.writeFieldName(name);
                return value();
            }
            parser.skipChildren();
            // The name cannot be shown: tell the object that has it.
            String owner = InvalidMembers.pointer(parser.getParsingContext().getParent());
            return refuse(
                    owner,
                    new Reason(
                            objection.code(),
                            "has a member whose name " + objection.message(),
                            objection.parameters()));
        }

        private boolean array() throws IOException {
            copy.writeStartArray();
            boolean isValid = true;
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                isValid &= value();
            }
            copy.writeEndArray();
            return isValid;
        }

        private boolean value() throws IOException {
            JsonToken token = parser.currentToken();
            return switch (token) {
                case START_OBJECT -> object();
                case START_ARRAY -> array();
                case VALUE_STRING -> {
                    String value = parser.getText();
                    copy.writeString(value);
                    yield accept(SafeText.objection(value));
                }
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                    ExactNumber number = ExactNumber.of(parser.getText());
                    copy.writeNumber(number.text());
                    yield accept(number.objection());
                }
                default -> {
                    copy.copyCurrentEvent(parser);
                    yield true;
                }
            };
        }

        private boolean accept(@Nullable Reason objection) {
            return objection == null || refuse(InvalidMembers.pointer(parser.getParsingContext()), objection);
        }

        private boolean refuse(String path, Reason reason) {
            invalid.add(path, reason);
            return false;
        }
    }
}
