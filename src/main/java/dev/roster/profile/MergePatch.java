package dev.roster.profile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roster.refusal.RefusedException;
import dev.roster.user.JsonObject;
import java.util.Map;

/**
 * A change to an object: a JSON Merge Patch (RFC 7396). A null removes a member, an object changes the members of an
 * object, and every other value replaces what was there.
 *
 * @param rules the rules of the object that it changes
 * @param text the patch in JSON, without unsafe characters and inexact numbers
 */
public record MergePatch(ObjectRules rules, String text) {
    static final String NOTHING = "{}";

    /**
     * Returns the object that results.
     *
     * @throws RefusedException {@code INVALID} if it is changed and breaks a rule
     */
    public MergedObject mergeInto(JsonObject stored) {
        return rules.merge(stored, text);
    }

    /** Changes an object as RFC 7396 says, and returns it. */
    public static ObjectNode apply(ObjectNode patch, ObjectNode object) {
        for (Map.Entry<String, JsonNode> change : patch.properties()) {
            String name = change.getKey();
            if (change.getValue().isNull()) {
                object.remove(name);
            } else if (change.getValue() instanceof ObjectNode inner) {
                object.set(name, apply(inner, object.get(name) instanceof ObjectNode old ? old : object.objectNode()));
            } else {
                object.set(name, change.getValue());
            }
        }
        return object;
    }

    @Override
    public String toString() {
        return "MergePatch[" + rules.member() + "]";
    }
}
