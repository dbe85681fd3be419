package dev.roster.profile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.refusal.InvalidMember;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A member of the profile that lists can be filtered by: the schema marks it with {@code x-filter}.
 *
 * @param member the member's name
 */
public record ProfileFilter(String member) {
    /** The name is part of the names of indexes, and stands in SQL. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,31}");

    private static final Set<String> TYPES = Set.of("string", "integer", "boolean");
    private static final String MARK = "x-filter";
    private static final int MAX = 8;

    /** The most characters of a value that a list can be filtered by. */
    public static final int MAX_LENGTH = 100;

    /** @throws IllegalArgumentException if lists cannot be filtered by a member of this name */
    public ProfileFilter {
        if (!NAME.matcher(member).matches()) {
            throw new IllegalArgumentException("Not a name for a filter: " + member);
        }
    }

    /** The name of the parameter. */
    public String parameter() {
        return "profile." + member;
    }

    /**
     * The SQL of what is compared with a value: the text of the member. An entry of an index has a maximum size, so a
     * long text is cut. What is left is one character longer than any value may be, so it equals none.
     */
    public String expression() {
        return "left(profile ->> '" + member + "', " + (MAX_LENGTH + 1) + ") COLLATE \"C\"";
    }

    /** The name of the index for a list that is filtered by this member, and sorted by this column. */
    String index(String order) {
        return "users_profile_" + member + "_" + order;
    }

    /**
     * Returns the members that a schema marks, in its order.
     *
     * @throws dev.roster.settings.StartRefusedException if one of them cannot be a filter
     */
    static List<ProfileFilter> markedIn(JsonNode schema) {
        List<ProfileFilter> filters = new ArrayList<>();
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            JsonNode mark = property.getValue().path(MARK);
            if (mark.isMissingNode() || (mark.isBoolean() && !mark.booleanValue())) {
                continue;
            }
            String at = "#/properties/" + InvalidMember.escape(property.getKey());
            if (!mark.isBoolean()) {
                throw SchemaFile.refused(MARK + " must be true or false: " + at);
            }
            if (!NAME.matcher(property.getKey()).matches()) {
                throw SchemaFile.refused(MARK + " needs a name of at most 32 letters, digits, _ and -, with a letter"
                        + " in front: " + at);
            }
            if (!TYPES.contains(property.getValue().path("type").asText())) {
                throw SchemaFile.refused(MARK + " needs the type string, integer or boolean: " + at);
            }
            filters.add(new ProfileFilter(property.getKey()));
        }
        if (filters.size() > MAX) {
            throw SchemaFile.refused(MARK + " may mark at most " + MAX + " members");
        }
        return List.copyOf(filters);
    }
}
