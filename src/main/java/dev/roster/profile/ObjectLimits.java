package dev.roster.profile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.refusal.ErrorCode;
import dev.roster.refusal.InvalidMember;
import dev.roster.refusal.Reason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The limits of an object: its depth, the members of all its objects together, and the bytes of the text that
 * PostgreSQL makes of it. The constraints of {@code users} repeat them.
 */
final class ObjectLimits {
    static final int MAX_BYTES = 8 * 1024;

    /** An object without objects and arrays inside is 1 deep. */
    static final int MAX_DEPTH = 5;

    static final int MAX_MEMBERS = 64;

    private static final Reason TOO_DEEP =
            Reason.of(ErrorCode.TOO_DEEP, "must not be an object or array deeper than level " + MAX_DEPTH, MAX_DEPTH);
    private static final Reason TOO_MANY = Reason.of(
            ErrorCode.TOO_MANY_MEMBERS,
            "must have at most " + MAX_MEMBERS + " members in all its objects",
            MAX_MEMBERS);
    private static final Reason TOO_LARGE = Reason.of(
            ErrorCode.TOO_MANY_BYTES, "must be at most " + MAX_BYTES + " bytes as PostgreSQL writes it", MAX_BYTES);

    private final List<InvalidMember> invalid = new ArrayList<>();
    private int members;

    private ObjectLimits() {}

    /** Returns what exceeds a limit. */
    static List<InvalidMember> check(String path, JsonNode object) {
        ObjectLimits limits = new ObjectLimits();
        limits.count(path, object, 1);
        if (limits.members > MAX_MEMBERS) {
            limits.invalid.add(new InvalidMember(path, TOO_MANY));
        }
        if (storedBytes(object) > MAX_BYTES) {
            limits.invalid.add(new InvalidMember(path, TOO_LARGE));
        }
        return limits.invalid;
    }

    private void count(String path, JsonNode value, int depth) {
        if (value.isContainerNode() && depth > MAX_DEPTH) {
            invalid.add(new InvalidMember(path, TOO_DEEP));
            return;
        }
        for (Map.Entry<String, JsonNode> member : value.properties()) {
            members++;
            count(path + "/" + InvalidMember.escape(member.getKey()), member.getValue(), depth + 1);
        }
        for (int i = 0; value.isArray() && i < value.size(); i++) {
            count(path + "/" + i, value.get(i), depth + 1);
        }
    }

    /** The bytes that PostgreSQL writes for a {@code jsonb}: with a space after each colon and comma. */
    static int storedBytes(JsonNode value) {
        int bytes;
        if (value.isTextual()) {
            return storedBytes(value.textValue());
        } else if (value.isObject()) {
            bytes = 2 + separators(value.size());
            for (Map.Entry<String, JsonNode> member : value.properties()) {
                bytes += storedBytes(member.getKey()) + 2 + storedBytes(member.getValue());
            }
            return bytes;
        } else if (value.isArray()) {
            bytes = 2 + separators(value.size());
            for (JsonNode item : value) {
                bytes += storedBytes(item);
            }
            return bytes;
        }
        return value.isNumber()
                ? value.decimalValue().toPlainString().length()
                : value.asText().length();
    }

    private static int separators(int values) {
        return Math.max(0, values - 1) * 2;
    }

    private static int storedBytes(String text) {
        int bytes = 2 + text.getBytes(StandardCharsets.UTF_8).length;
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            if (character == '"' || character == '\\') {
                bytes++;
            } else if (character < ' ') {
                bytes += "\b\t\n\f\r".indexOf(character) < 0 ? 5 : 1;
            }
        }
        return bytes;
    }
}
