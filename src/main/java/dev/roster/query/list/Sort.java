package dev.roster.query.list;

import dev.roster.refusal.InvalidValueException;
import dev.roster.refusal.Reason;
import java.util.Arrays;

/** An order of users: by one column, then by id. */
enum Sort {
    CREATED_AT("created_at", "created_at", "timestamptz"),
    CREATED_AT_DESCENDING("-created_at", "created_at", "timestamptz"),
    NAME("name", "name_key", "text"),
    NAME_DESCENDING("-name", "name_key", "text"),
    EMAIL("email", "email_key", "text"),
    EMAIL_DESCENDING("-email", "email_key", "text");

    private final String parameter;
    private final String column;
    private final String type;

    /**
     * @param parameter the name that clients use
     * @param column the column of {@code users}
     * @param type the SQL type of the column
     */
    Sort(String parameter, String column, String type) {
        this.parameter = parameter;
        this.column = column;
        this.type = type;
    }

    String parameter() {
        return parameter;
    }

    String column() {
        return column;
    }

    String type() {
        return type;
    }

    boolean isByCreation() {
        return column.equals("created_at");
    }

    boolean isDescending() {
        return parameter.startsWith("-");
    }

    /** @throws InvalidValueException if there is no such order */
    static Sort parse(String parameter) {
        return Arrays.stream(values())
                .filter(sort -> sort.parameter.equals(parameter))
                .findAny()
                .orElseThrow(() -> new InvalidValueException(Reason.notAllowed(
                        Arrays.stream(values()).map(Sort::parameter).toList())));
    }
}
