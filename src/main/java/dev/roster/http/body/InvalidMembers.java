package dev.roster.http.body;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import dev.roster.refusal.InvalidMember;
import dev.roster.refusal.Reason;
import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects the invalid members of one body, so that Jackson can read the body to its end. A nested member has a path:
 * {@code profile/name}, {@code tags/0}. Not thread-safe.
 */
final class InvalidMembers {
    /** The attribute of Jackson's context that holds the collector. */
    static final Object ATTRIBUTE = InvalidMembers.class;

    private static final SnakeCaseStrategy NAMES = (SnakeCaseStrategy) PropertyNamingStrategies.SNAKE_CASE;

    /** The path of the outermost object; clients see it as {@code body}. */
    private static final String ROOT = "";

    private final List<InvalidMember> members = new ArrayList<>();
    private String object = ROOT;
    private @Nullable RefusedException refusal;

    static InvalidMembers of(DeserializationContext context) {
        return (InvalidMembers) context.getAttribute(ATTRIBUTE);
    }

    /** The name in JSON of a record's component. */
    static String memberName(String component) {
        return NAMES.translate(component);
    }

    /** The path of the value that a parser has reached. */
    static String path(JsonParser parser) {
        return path(parser.getParsingContext());
    }

    private static String path(JsonStreamContext position) {
        if (position.inRoot()) {
            return ROOT;
        }
        String outer = path(position.getParent());
        if (!position.hasPathSegment()) {
            return outer;
        }
        return join(outer, position.inArray() ? String.valueOf(position.getCurrentIndex()) : position.getCurrentName());
    }

    /** Like {@link #path}, but as in a JSON pointer (RFC 6901): {@code ~1} stands for {@code /} in a name. */
    static String pointer(JsonStreamContext position) {
        if (position.inRoot()) {
            return ROOT;
        }
        String outer = pointer(position.getParent());
        if (!position.hasPathSegment()) {
            return outer;
        }
        return join(
                outer,
                position.inArray()
                        ? String.valueOf(position.getCurrentIndex())
                        : InvalidMember.escape(position.getCurrentName()));
    }

    private static String path(Path violated) {
        String path = ROOT;
        for (Path.Node node : violated) {
            if (node.isInIterable()) {
                path = join(path, String.valueOf(node.getIndex() == null ? node.getKey() : node.getIndex()));
            }
            if (node.getKind() == ElementKind.PROPERTY) {
                path = join(path, memberName(node.getName()));
            }
        }
        return path;
    }

    private static String join(String path, String segment) {
        return path.equals(ROOT) ? segment : path + "/" + segment;
    }

    /**
     * Starts an object: {@link #addMember} then adds members of this object.
     *
     * @return the path of the outer object, for {@link #continueObject} at the end of this object
     */
    String startObject(String path) {
        String outer = object;
        object = path;
        return outer;
    }

    void continueObject(String path) {
        object = path;
    }

    void add(String path, Reason reason) {
        addField(path.equals(ROOT) ? "body" : path, reason);
    }

    private void addField(String field, Reason reason) {
        if (members.size() < InvalidMember.MAX_TOLD) {
            members.add(new InvalidMember(field, reason));
        }
    }

    void add(ConstraintViolation<?> violation) {
        add(path(violation.getPropertyPath()), BodyRules.reason(violation));
    }

    /** Adds a member of the current object. */
    void addMember(String name, Reason reason) {
        addField(join(object, name), reason);
    }

    /** Whether this member of the current object is invalid. */
    boolean hasMember(String name) {
        return members.stream().anyMatch(member -> member.field().equals(join(object, name)));
    }

    /**
     * Adds the members that a refusal names, or keeps a refusal for another reason than validity. {@link #throwIfAny}
     * throws the latter instead of the invalid members.
     */
    void refuse(RefusedException exception) {
        if (exception.refusal() == Refusal.INVALID) {
            exception.invalidMembers().forEach(member -> addField(member.field(), member.reason()));
        } else {
            refusal = refusal == null ? exception : refusal;
        }
    }

    /** @throws RefusedException if anything was collected */
    void throwIfAny() {
        if (refusal != null) {
            throw refusal;
        }
        if (!members.isEmpty()) {
            throw RefusedException.invalid(members);
        }
    }
}
