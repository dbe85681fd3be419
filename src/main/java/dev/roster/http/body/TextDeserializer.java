package dev.roster.http.body;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import dev.roster.refusal.InvalidValueException;
import dev.roster.refusal.RefusedException;
import java.io.IOException;
import java.util.function.Function;

/** Makes a value of a string. Thread-safe. */
final class TextDeserializer<T> extends StdScalarDeserializer<T> {
    private static final long serialVersionUID = 1L;

    private final transient Function<String, T> parse;
    private final transient T standIn;

    /** @param standIn the result for a text that is invalid */
    TextDeserializer(Class<T> type, Function<String, T> parse, T standIn) {
        super(type);
        this.parse = parse;
        this.standIn = standIn;
    }

    @Override
    public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        String text = parser.getText();
        try {
            return parse.apply(text);
        } catch (InvalidValueException e) {
            InvalidMembers.of(context).add(InvalidMembers.path(parser), e.reason());
        } catch (RefusedException e) {
            InvalidMembers.of(context).refuse(e);
        }
        return standIn;
    }
}
