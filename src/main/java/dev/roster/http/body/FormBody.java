package dev.roster.http.body;

import dev.roster.http.problem.BodyException;
import dev.roster.http.problem.ProblemType;
import jakarta.ws.rs.BadRequestException;
import java.util.ArrayList;
import java.util.List;

/**
 * The body of a form: {@code application/x-www-form-urlencoded} in UTF-8. A route whose method takes it accepts forms,
 * and no JSON.
 */
public final class FormBody {
    private final byte[] bytes;

    FormBody(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Returns the value of a field. Ignores other fields (RFC 6749, section 3.2).
     *
     * @throws BodyException if the form is malformed, or does not have the field exactly once with a value
     */
    public String only(String name) {
        List<String> values = new ArrayList<>();
        for (String field : JsonBodyReader.decode(bytes).split("&", -1)) {
            int equals = field.indexOf('=');
            String value = equals < 0 ? "" : decode(field.substring(equals + 1));
            if (decode(equals < 0 ? field : field.substring(0, equals)).equals(name)) {
                values.add(value);
            }
        }
        if (values.size() != 1 || values.get(0).isEmpty()) {
            throw new BodyException(ProblemType.MALFORMED, "The form must have the field " + name + " once.");
        }
        return values.get(0);
    }

    private static String decode(String text) {
        try {
            return QueryParameters.decode(text);
        } catch (BadRequestException e) {
            throw new BodyException(ProblemType.MALFORMED, "The form is not well-formed UTF-8, percent-encoded.");
        }
    }

    @Override
    public String toString() {
        return "FormBody[********]";
    }
}
