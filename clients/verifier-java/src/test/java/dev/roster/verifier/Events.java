package dev.roster.verifier;

import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Events as Roster writes them. */
final class Events {
    private Events() {}

    static String snapshot(String cursor, String... entries) {
        String lines = Arrays.stream(entries).map(entry -> "data: " + entry).collect(Collectors.joining(",\n"));
        return "event: snapshot\nid: " + cursor + "\ndata: {\"revoked\":[\n" + lines + (lines.isEmpty() ? "" : "\n")
                + "data: ]}\n\n";
    }

    static String entry(String id, Instant end) {
        return "{\"id\":\"" + id + "\",\"exp\":" + end.getEpochSecond() + "}";
    }

    static String revoked(String cursor, String id, Instant end) {
        return "event: revoked\nid: " + cursor + "\ndata: " + entry(id, end) + "\n\n";
    }

    static String revokedUntil(String cursor, Instant until) {
        return "event: revoked\nid: " + cursor + "\ndata: {\"revoked_until\":" + until.getEpochSecond() + ",\"exp\":"
                + (until.getEpochSecond() + 900) + "}\n\n";
    }

    static String beat(Instant completeUntil) {
        return "event: beat\nid: run-9\ndata: {\"complete_until\":\"" + completeUntil + "\"}\n\n";
    }
}
