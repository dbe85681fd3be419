package dev.roster.verifier;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jose4j.json.JsonUtil;
import org.jose4j.lang.JoseException;

/**
 * Reads the lines of a {@code text/event-stream} (WHATWG HTML, section 9.2). A snapshot has a line for each id. It is
 * read in portions, so that a large one needs no memory besides that for the ids. For one thread.
 */
final class EventReader {
    /** Receives what the stream of revocations says, in its order. An exception ends the connection. */
    interface Events {
        /**
         * An id is revoked.
         *
         * @param end when the last token that it covers has expired, in seconds since 1970
         */
        void revoked(String id, long end) throws IOException;

        /** All tokens that were issued until then have just been revoked, in seconds since 1970. */
        void revokedUntil(long seconds);

        /** All tokens that were issued until then were revoked at some time, in seconds since 1970. */
        void wereRevokedUntil(long seconds);

        /** Everything that happened until then was received. */
        void completeUntil(Instant moment) throws IOException;

        /** An event was received as a whole. A later connection goes on from here. */
        void received(String cursor) throws IOException;
    }

    private static final String ENTRY = "{\"id\":";
    private static final int PORTION = 32 * 1024;
    private static final int MOST = 64 * 1024;

    private final Events events;
    private final StringBuilder data = new StringBuilder();
    private final StringBuilder entries = new StringBuilder();
    private String event = "";
    private String id = "";

    EventReader(Events events) {
        this.events = events;
    }

    /**
     * Takes a line without its end.
     *
     * @throws IOException if the stream is not one of Roster's
     */
    void line(String line) throws IOException {
        if (line.isEmpty()) {
            dispatch();
            return;
        }
        int colon = line.indexOf(':');
        String field = colon < 0 ? line : line.substring(0, colon);
        String value = colon < 0 ? "" : line.substring(colon + 1);
        String content = value.startsWith(" ") ? value.substring(1) : value;
        switch (field) {
            case "event" -> event = content;
            case "id" -> id = content;
            case "data" -> data(content);
            default -> {} // a comment, retry, or a field of a later version
        }
    }

    private void data(String content) throws IOException {
        if (event.equals("snapshot") && content.startsWith(ENTRY)) {
            entries.append(entries.isEmpty() ? "" : ",").append(content, 0, lengthWithoutComma(content));
            if (entries.length() > PORTION) {
                readEntries();
            }
            return;
        }
        data.append(content).append('\n');
        if (data.length() > MOST) {
            throw new IOException("An event of more than " + MOST + " characters");
        }
    }

    private static int lengthWithoutComma(String entry) {
        return entry.endsWith(",") ? entry.length() - 1 : entry.length();
    }

    private void readEntries() throws IOException {
        snapshot(parse("{\"revoked\":[" + entries + "]}"));
        entries.setLength(0);
    }

    private void dispatch() throws IOException {
        if (!data.isEmpty() || !entries.isEmpty()) {
            if (!entries.isEmpty()) {
                readEntries();
            }
            apply(parse(data.toString()));
            if (!id.isEmpty()) {
                events.received(id);
            }
        }
        data.setLength(0);
        event = "";
        id = "";
    }

    private void apply(Map<?, ?> content) throws IOException {
        switch (event) {
            case "snapshot" -> snapshot(content);
            case "revoked" -> revoked(content);
            case "beat" -> events.completeUntil(moment(content));
            default -> {} // of a later version
        }
    }

    private void snapshot(Map<?, ?> content) throws IOException {
        if (!(content.get("revoked") instanceof List<?> list)) {
            throw malformed();
        }
        for (Object entry : list) {
            revoked(entry instanceof Map<?, ?> map ? map : Map.of());
        }
        if (content.containsKey("revoked_until")) {
            events.wereRevokedUntil(seconds(content, "revoked_until"));
        }
    }

    private void revoked(Map<?, ?> content) throws IOException {
        if (content.get("id") instanceof String revoked) {
            events.revoked(revoked, seconds(content, "exp"));
        } else {
            events.revokedUntil(seconds(content, "revoked_until"));
        }
    }

    private static long seconds(Map<?, ?> content, String name) throws IOException {
        if (content.get(name) instanceof Number seconds) {
            return seconds.longValue();
        }
        throw malformed();
    }

    private static Instant moment(Map<?, ?> content) throws IOException {
        try {
            return Instant.parse(String.valueOf(content.get("complete_until")));
        } catch (DateTimeException e) {
            throw malformed();
        }
    }

    private static Map<String, Object> parse(String json) throws IOException {
        try {
            return JsonUtil.parseJson(json);
        } catch (JoseException e) {
            throw malformed();
        }
    }

    private static IOException malformed() {
        return new IOException("The stream has a malformed event");
    }
}
