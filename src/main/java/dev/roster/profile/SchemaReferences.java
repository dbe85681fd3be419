package dev.roster.profile;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.refusal.InvalidMember;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The references of a schema. Each must lead to a place in the same file. None may lead back to itself for the same
 * value: checking the value would never end.
 */
final class SchemaReferences {
    private static final Set<String> IN_PLACE_LISTS = Set.of("allOf", "anyOf", "oneOf");
    private static final Set<String> IN_PLACE = Set.of("not", "if", "then", "else");

    private final JsonNode root;
    private final Set<String> checked = new HashSet<>();

    SchemaReferences(JsonNode root) {
        this.root = root;
    }

    void check() {
        check("", root);
    }

    private void check(String pointer, JsonNode node) {
        JsonNode reference = node.path("$ref");
        if (reference.isTextual()
                && !reference.textValue().equals("#")
                && !reference.textValue().startsWith("#/")) {
            throw SchemaFile.refused("its file must not refer to other files: each $ref must begin with #/");
        }
        for (String keyword : List.of("$dynamicRef", "$anchor", "$dynamicAnchor", "$id")) {
            if (node.path(keyword).isTextual() && !(keyword.equals("$id") && pointer.isEmpty())) {
                throw SchemaFile.refused("its file must not use " + keyword);
            }
        }
        if (node.isObject()) {
            walk(pointer, new HashSet<>());
        }
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            check(pointer + "/" + InvalidMember.escape(member.getKey()), member.getValue());
        }
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            check(pointer + "/" + i, node.get(i));
        }
    }

    /** Follows the parts of the schema that apply to the same value. */
    private void walk(String pointer, Set<String> path) {
        if (checked.contains(pointer)) {
            return;
        }
        if (!path.add(pointer)) {
            throw SchemaFile.refused("its file has a $ref that leads back to itself: #" + pointer);
        }
        JsonNode node = root.at(JsonPointer.compile(pointer));
        for (String next : next(pointer, node)) {
            walk(next, path);
        }
        path.remove(pointer);
        checked.add(pointer);
    }

    private static List<String> next(String pointer, JsonNode node) {
        List<String> next = new ArrayList<>();
        if (node.path("$ref").isTextual()) {
            next.add(URLDecoder.decode(
                    node.path("$ref").textValue().substring(1).replace("+", "%2B"), StandardCharsets.UTF_8));
        }
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            String inner = pointer + "/" + InvalidMember.escape(member.getKey());
            if (IN_PLACE.contains(member.getKey())) {
                next.add(inner);
            } else if (IN_PLACE_LISTS.contains(member.getKey())) {
                for (int i = 0; i < member.getValue().size(); i++) {
                    next.add(inner + "/" + i);
                }
            } else if (member.getKey().equals("dependentSchemas")) {
                member.getValue()
                        .fieldNames()
                        .forEachRemaining(name -> next.add(inner + "/" + InvalidMember.escape(name)));
            }
        }
        return next;
    }
}
