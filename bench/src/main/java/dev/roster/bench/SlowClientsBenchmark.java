package dev.roster.bench;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.http.Api;
import dev.roster.support.http.Crowd;
import dev.roster.support.http.Exposition;
import dev.roster.support.http.RawHttp;
import dev.roster.support.process.RosterProcess;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Opens thousands of slow connections. Measures the latency of ordinary requests, the memory and threads of the
 * service, and the time until it closes the slow connections. The service is a separate process; this process runs the
 * clients. Takes about two minutes. Both processes need up to 14,000 open files: run {@code ulimit -n 20000} first.
 */
public final class SlowClientsBenchmark {
    private static final int DESCRIPTORS = 14_000;
    private static final Duration TICK = Duration.ofMillis(250);
    private static final Duration PATIENCE = Duration.ofSeconds(12);
    private static final int WAVE = 50;
    private static final String LOGIN = "POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\n"
            + "Content-Type: application/json\r\nContent-Length: 16000\r\n\r\n{";

    private final RosterProcess roster;
    private final String token;
    private final PrintStream out = System.out;

    private SlowClientsBenchmark(RosterProcess roster) {
        this.roster = roster;
        this.token = roster.api().newUser().token();
    }

    public static void main(String[] arguments) {
        UnixOperatingSystemMXBean system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        if (system.getMaxFileDescriptorCount() < DESCRIPTORS) {
            throw new IllegalStateException(
                    "ulimit -n is " + system.getMaxFileDescriptorCount() + ", but must be at least " + DESCRIPTORS);
        }
        TestDatabase database = TestDatabase.migrated();
        database.jdbi().useHandle(handle -> handle.execute("""
                INSERT INTO users (id, name, email, role, password_hash)
                SELECT gen_random_uuid(), repeat('😀', 100), 'u' || n || '@' || repeat('example.', 20) || 'com',
                       'user', 'x'
                  FROM generate_series(1, 200) n
                """));
        try (RosterProcess roster = start(database)) {
            new SlowClientsBenchmark(roster).run();
        }
        System.exit(0); // embedded PostgreSQL leaves non-daemon threads
    }

    /** With the heap of a container in docker-compose.yml: half of 512 MB. */
    private static RosterProcess start(TestDatabase database) {
        RosterProcess roster = RosterProcess.start(
                database.variables(Map.of(
                        "DATABASE_SOCKET_TIMEOUT", "1s",
                        "DATABASE_STATEMENT_TIMEOUT", "900ms",
                        "DATABASE_POOL_WAIT", "500ms")),
                List.of("-Xmx256m", "-XX:+ExitOnOutOfMemoryError", "-jar", Main.ROSTER_JAR),
                Path.of("").toAbsolutePath(),
                "server",
                "config.yml");
        roster.awaitReady();
        return roster;
    }

    private void run() {
        String list = "GET /api/v1/users?limit=200 HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + token + "\r\n\r\n";
        observe(List.of(), Duration.ofSeconds(10)); // warm-up
        out.printf(
                "%-34s %8s %8s %8s %8s %8s %8s %8s %9s %9s %6s%n",
                "ms of ordinary GETs",
                "p50",
                "p99",
                "max",
                "p50 new",
                "p99 new",
                "MB",
                "threads",
                "ended",
                "s to end",
                "503");
        print("no slow clients", List.of());
        print("10,000 idle connections", List.of(new Kind(10_000, 4_000, "", "")));
        print("12,000 idle connections", List.of(new Kind(12_000, 4_000, "", "")));
        print(
                "2,000 headers and 2,000 bodies",
                List.of(new Kind(2_000, 1_000, "GET /", "a"), new Kind(2_000, 1_000, LOGIN, " ")));
        print("2,000 readers of " + answerSize() / 1024 + " KiB", List.of(new Kind(2_000, 100, list, null)));
        print("no slow clients", List.of());
    }

    /**
     * @param perSecond the rate at which connections open
     * @param more the bytes that each client sends repeatedly; null if it neither sends nor reads more
     */
    private record Kind(
            int size,
            int perSecond,
            String opening,
            @Nullable String more) {}

    private int answerSize() {
        return roster.api().get("/users?limit=200", token).expect(200).text().length();
    }

    private void print(String name, List<Kind> kinds) {
        Observed seen = observe(kinds, PATIENCE);
        out.printf(
                "%-34s %8.1f %8.1f %8.1f %8.1f %8.1f %8d %8d %9d %9s %6d%n",
                name,
                seen.kept.median(),
                seen.kept.percentile(99),
                seen.kept.percentile(100),
                seen.fresh.median(),
                seen.fresh.percentile(99),
                seen.megabytes,
                seen.threads,
                seen.ended,
                seen.secondsToEnd,
                seen.refused);
    }

    private static final class Observed {
        private final Timings kept = new Timings();
        private final Timings fresh = new Timings();
        private long megabytes;
        private long threads;
        private long ended;
        private long refused;
        private String secondsToEnd = "-";
    }

    /** Observes until the service has closed all connections, or until {@code atMost} after the last one opened. */
    private Observed observe(List<Kind> kinds, Duration atMost) {
        Observed observed = new Observed();
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<Void> others = CompletableFuture.runAsync(() -> serveOthers(observed, over));
        long endedBefore = ended();
        long size = kinds.stream().mapToInt(Kind::size).sum();
        List<Crowd> crowds = new ArrayList<>();
        try {
            for (Kind kind : kinds) {
                for (int opened = 0; opened < kind.size(); opened += WAVE) {
                    crowds.add(
                            new Crowd(roster.api().base(), Math.min(WAVE, kind.size() - opened)).send(kind.opening()));
                    LockSupport.parkNanos(TICK.toNanos() / 4);
                }
            }
            long lastOpened = System.nanoTime();
            while (System.nanoTime() - lastOpened < atMost.toNanos() && (size == 0 || observed.ended < size)) {
                observed.megabytes = Math.max(observed.megabytes, status("VmRSS") / 1024);
                observed.threads = Math.max(observed.threads, status("Threads"));
                long ended = 0;
                int next = 0;
                for (Kind kind : kinds) {
                    for (int opened = 0; opened < kind.size(); opened += WAVE) {
                        Crowd crowd = crowds.get(next++);
                        String more = kind.more();
                        if (more != null) {
                            crowd.send(more);
                            ended += crowd.ended();
                        }
                    }
                }
                ended = ended > 0 ? ended : ended() - endedBefore;
                if (ended > observed.ended) {
                    observed.ended = ended;
                    observed.secondsToEnd = "%.1f".formatted((System.nanoTime() - lastOpened) / 1e9);
                }
                LockSupport.parkNanos(TICK.toNanos());
            }
            observed.refused = crowds.stream()
                    .peek(Crowd::ended)
                    .flatMap(crowd -> crowd.received().stream())
                    .filter(answers -> answers.startsWith("HTTP/1.1 503"))
                    .count();
        } finally {
            crowds.forEach(Crowd::close);
            over.set(true);
            others.join();
        }
        return observed;
    }

    private void serveOthers(Observed observed, AtomicBoolean over) {
        Api api = roster.api();
        RawHttp raw = new RawHttp(api.base());
        String request = "GET /api/v1/users/me HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer "
                + token + "\r\n\r\n";
        while (!over.get()) {
            observed.kept.time(() -> api.get("/users/me", token).expect(200));
            observed.fresh.time(() -> raw.send(request).only().expect(200));
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }

    /** The number of connections that the service has closed. */
    private long ended() {
        Exposition metrics = Exposition.of(roster.admin());
        return (long) (metrics.value("roster_connections_ended_total", "reason", "late")
                + metrics.value("roster_connections_ended_total", "reason", "displaced"));
    }

    /** A number from {@code /proc/PID/status}. */
    private long status(String name) {
        try {
            return Files.readAllLines(Path.of("/proc/" + roster.pid() + "/status")).stream()
                    .filter(line -> line.startsWith(name + ":"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
