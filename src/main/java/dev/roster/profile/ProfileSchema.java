package dev.roster.profile;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.path.NodePath;
import dev.roster.refusal.ErrorCode;
import dev.roster.refusal.InvalidMember;
import dev.roster.refusal.Reason;
import java.util.List;

/** The JSON Schema that profiles must satisfy. Thread-safe. */
final class ProfileSchema {
    private static final Reason MISSING = Reason.of(ErrorCode.MISSING, "is required");
    private static final Reason UNKNOWN = Reason.of(ErrorCode.UNKNOWN_MEMBER, "is not a known member");

    private final Schema schema;

    ProfileSchema(Schema schema) {
        this.schema = schema;
    }

    /**
     * Returns what violates the schema.
     *
     * @param path of the object in the body
     */
    List<InvalidMember> check(String path, JsonNode object) {
        List<Error> errors = schema.validate(object);
        // If no alternative fits, say so, and not why each of them does not.
        List<Error> outer = errors.stream()
                .filter(error -> !isInsideAlternative(error.getEvaluationPath()))
                .toList();
        return (outer.isEmpty() ? errors : outer)
                .stream()
                        .map(error -> invalid(path, error))
                        .distinct()
                        .limit(InvalidMember.MAX_TOLD)
                        .toList();
    }

    private static boolean isInsideAlternative(NodePath path) {
        for (int i = 0; i < path.getNameCount() - 1; i++) {
            String name = String.valueOf(path.getElement(i));
            if (name.equals("anyOf") || name.equals("oneOf")) {
                return true;
            }
        }
        return false;
    }

    private static InvalidMember invalid(String path, Error error) {
        StringBuilder field = new StringBuilder(path);
        NodePath location = error.getInstanceLocation();
        for (int i = 0; i < location.getNameCount(); i++) {
            field.append('/').append(InvalidMember.escape(String.valueOf(location.getElement(i))));
        }
        String property = error.getProperty();
        String member = property == null ? "" : field + "/" + InvalidMember.escape(property);
        return switch (error.getKeyword()) {
            case "required" -> new InvalidMember(member, MISSING);
            case "additionalProperties", "unevaluatedProperties" ->
                new InvalidMember(property == null ? field.toString() : member, UNKNOWN);
            default ->
                new InvalidMember(
                        field.toString(), Reason.of(ErrorCode.AGAINST_SCHEMA, error.getMessage(), error.getKeyword()));
        };
    }
}
