package dev.roster.profile;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roster.refusal.InvalidMember;
import dev.roster.refusal.RefusedException;
import dev.roster.user.JsonObject;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Changes an object, and checks the result. Thread-safe. */
public final class ObjectRules {
    /** A row that somebody wrote by hand may have numbers as long as the whole object. */
    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNumberLength(ObjectLimits.MAX_BYTES)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
            .build();

    private final String member;
    private final @Nullable ProfileSchema schema;

    /**
     * @param member the member of the user that has the object, such as {@code profile}
     * @param schema that the object must satisfy; null if any may be stored
     */
    ObjectRules(String member, @Nullable ProfileSchema schema) {
        this.member = member;
        this.schema = schema;
    }

    /** Rules without a schema. */
    public ObjectRules(String member) {
        this(member, null);
    }

    String member() {
        return member;
    }

    /**
     * Applies a patch (RFC 7396) to the stored object.
     *
     * @throws RefusedException {@code INVALID} if the result breaks a rule; a result that equals the stored object is
     *     not checked
     */
    MergedObject merge(JsonObject stored, String patch) {
        ObjectNode before = read(stored.text());
        ObjectNode after = MergePatch.apply(read(patch), before.deepCopy());
        List<String> changed = changed(before, after);
        if (changed.isEmpty()) {
            return new MergedObject(member, stored, changed);
        }
        List<InvalidMember> invalid = ObjectLimits.check(member, after);
        if (invalid.isEmpty() && schema != null) {
            invalid = schema.check(member, after);
        }
        if (!invalid.isEmpty()) {
            throw RefusedException.invalid(invalid);
        }
        return new MergedObject(member, JsonObject.of(after.toString()), changed);
    }

    private static List<String> changed(ObjectNode before, ObjectNode after) {
        Set<String> names = new LinkedHashSet<>();
        before.fieldNames().forEachRemaining(names::add);
        after.fieldNames().forEachRemaining(names::add);
        names.removeIf(name -> before.has(name) && before.get(name).equals(after.get(name)));
        return List.copyOf(names);
    }

    private static ObjectNode read(String text) {
        try {
            return (ObjectNode) JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Neither PostgreSQL nor the reader of bodies writes such JSON", e);
        }
    }
}
