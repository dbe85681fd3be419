package dev.roster.integration.stream;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A position in the events of one run of a node, as clients send it back in {@code Last-Event-ID}.
 *
 * @param run a random name of the run: other runs and nodes number their events differently
 * @param position the number of events before it
 */
record Cursor(String run, long position) {
    /** Empty if there is no text, or this service did not write it. */
    static Optional<Cursor> parse(@Nullable String text) {
        int dash = text == null ? -1 : text.lastIndexOf('-');
        if (text == null || dash < 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Cursor(text.substring(0, dash), Long.parseLong(text.substring(dash + 1))));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    String text() {
        return run + "-" + position;
    }
}
