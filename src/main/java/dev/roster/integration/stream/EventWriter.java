package dev.roster.integration.stream;

import dev.roster.integration.stream.StreamEvent.OfAll;
import dev.roster.integration.stream.StreamEvent.OfId;
import dev.roster.revocation.RevokedId;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** Writes server-sent events (HTML Living Standard, section 9.2). Not thread-safe. */
final class EventWriter {
    /** As in the rest of the API. It cuts the time off, so that the moment is never too late. */
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSX").withZone(ZoneOffset.UTC);

    private final OutputStream out;

    EventWriter(OutputStream out) {
        this.out = out;
    }

    /** @param millis how long a client waits before it connects again */
    void retry(long millis) throws IOException {
        write("retry: " + millis + "\n\n");
    }

    /** Begins an event of many lines. {@link #id} and {@link #endSnapshot} follow. */
    void beginSnapshot(Cursor cursor) throws IOException {
        write(head("snapshot", cursor) + "data: {\"revoked\":[\n");
    }

    void id(RevokedId id, boolean isLast) throws IOException {
        write("data: " + json(id) + (isLast ? "\n" : ",\n"));
    }

    /** @param allUntil the moment until which every token is revoked, if there is one */
    void endSnapshot(Optional<Instant> allUntil) throws IOException {
        String until = allUntil.map(moment -> ",\"revoked_until\":" + moment.getEpochSecond())
                .orElse("");
        write("data: ]" + until + "}\n\n");
    }

    void event(StreamEvent event, Cursor cursor) throws IOException {
        String data = event instanceof OfId ofId ? json(ofId.id()) : json((OfAll) event);
        write(head("revoked", cursor) + "data: " + data + "\n\n");
    }

    void beat(Instant completeUntil, Cursor cursor) throws IOException {
        write(head("beat", cursor) + "data: {\"complete_until\":\"" + TIME.format(completeUntil) + "\"}\n\n");
    }

    void flush() throws IOException {
        out.flush();
    }

    private static String head(String name, Cursor cursor) {
        return "event: " + name + "\nid: " + cursor.text() + "\n";
    }

    private static String json(RevokedId id) {
        return "{\"id\":\"" + id.id() + "\",\"exp\":" + id.expirySecond() + "}";
    }

    private static String json(OfAll all) {
        return "{\"revoked_until\":" + all.until() + ",\"exp\":" + all.expiry() + "}";
    }

    private void write(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }
}
