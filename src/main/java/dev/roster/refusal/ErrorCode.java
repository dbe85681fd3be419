package dev.roster.refusal;

import java.util.List;
import java.util.Locale;

/**
 * Why a value is invalid, for programs. Clients see the code in lower case, with its parameters beside it. A released
 * code keeps its name, its meaning and its parameters. {@code docs/api.md} explains each.
 */
public enum ErrorCode {
    MISSING,
    MISSING_WITH("members"),
    MISSING_ANY("members"),
    UNKNOWN_MEMBER,
    READ_ONLY,
    UNKNOWN_PARAMETER,
    REPEATED,
    EMPTY,
    WRONG_TYPE("expected"),
    BLANK,
    TOO_SHORT("min"),
    TOO_LONG("max"),
    TOO_MANY_BYTES("max"),
    OUT_OF_RANGE("min", "max"),
    NOT_ALLOWED("allowed"),
    MALFORMED,
    NOT_ASCII("character"),
    INTERNATIONAL_DOMAIN("ascii"),
    CONTROL_CHARACTER,
    BIDIRECTIONAL_OVERRIDE,
    NULL_CHARACTER,
    MALFORMED_UNICODE,
    COMMON_PASSWORD,
    PERSONAL_PASSWORD,
    NOT_ISSUED,
    TOO_DEEP("max"),
    TOO_MANY_MEMBERS("max"),
    INEXACT_NUMBER("digits", "decimals"),
    AGAINST_SCHEMA("keyword");

    @SuppressWarnings("ImmutableEnumChecker") // List.of makes it
    private final List<String> parameters;

    /** @param parameters the names of the rule's parameters */
    ErrorCode(String... parameters) {
        this.parameters = List.of(parameters);
    }

    /** The name for clients. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The names of the rule's parameters. */
    public List<String> parameters() {
        return parameters;
    }
}
