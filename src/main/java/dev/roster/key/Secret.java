package dev.roster.key;

import com.fasterxml.jackson.annotation.JsonCreator;

/** A secret setting. {@link #toString} does not reveal it. */
public final class Secret {
    private final String value;

    @JsonCreator
    public Secret(String value) {
        this.value = value;
    }

    public String reveal() {
        return value;
    }

    @Override
    public String toString() {
        return "********";
    }
}
