package dev.roster.apikey;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Jdbi;

/**
 * Notes in which minute each key was last used. Requests note it in memory. A job writes what is new to the table, in
 * one statement, so no request waits for that. Thread-safe.
 */
final class KeyUses {
    private final Clock clock;
    private final Map<String, Instant> noted = new ConcurrentHashMap<>();
    private final Map<String, Instant> written = new ConcurrentHashMap<>();

    KeyUses(Clock clock) {
        this.clock = clock;
    }

    void note(String id) {
        Instant minute = clock.instant().truncatedTo(ChronoUnit.MINUTES);
        if (!minute.equals(written.get(id))) {
            noted.put(id, minute);
        }
    }

    /** Writes what is new. Only one thread may do so at a time. */
    void write(Jdbi jdbi) {
        Map<String, Instant> uses = Map.copyOf(noted);
        if (uses.isEmpty()) {
            return;
        }
        List<String> ids = uses.keySet().stream().sorted().toList(); // two nodes lock the rows in the same order
        List<String> times = ids.stream().map(uses::get).map(String::valueOf).toList();
        jdbi.useExtension(KeyCommands.class, keys -> keys.used(ids, times));
        written.keySet().retainAll(ids);
        written.putAll(uses);
        uses.forEach(noted::remove);
    }
}
