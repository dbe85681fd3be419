package dev.roster.bench;

import dev.roster.support.Concurrently;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import dev.roster.support.process.RosterProcess;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.mindrot.jbcrypt.BCrypt;

/**
 * Measures reads and logins during a flood: ten times as many logins arrive as the service can hash. The service runs
 * from the jar, without limits, with the image's JVM options and as many hash threads as there are cores. The goals are
 * a p99 of reads of at most twice the one before the flood, or 8 ms, and at least 93 % of the hashes of raw jBCrypt on
 * all cores. {@code -Dflood.cost=10} sets the cost of bcrypt, {@code -Dflood.warm=60} the seconds of each of the two
 * warm-ups, without and with the flood. Takes two minutes.
 */
public final class FloodBenchmark {
    private static final int COST = Integer.getInteger("flood.cost", 12);
    private static final int ROUNDS = 3;
    private static final int FLOOD = 10;
    private static final int READS_PER_SECOND = 100;
    private static final Duration WARM_UP = Duration.ofSeconds(Integer.getInteger("flood.warm", 15));
    private static final Duration ROUND = Duration.ofSeconds(10);
    private static final int NANOS_PER_SECOND = 1_000_000_000;

    private final Api api;
    private final TestUser user;
    private final PrintStream out;
    private final int threads = Runtime.getRuntime().availableProcessors();
    private final AtomicInteger guesses = new AtomicInteger();

    private FloodBenchmark(Api api, PrintStream out) {
        this.api = api;
        this.user = api.newUser();
        this.out = out;
    }

    public static void main(String[] arguments) throws Exception {
        TestDatabase database = TestDatabase.migrated();
        Map<String, String> settings =
                Map.of("BCRYPT_COST", Integer.toString(COST), "LOG_LEVEL", "WARN", "USER_CACHE", "0");
        try (RosterProcess roster = RosterProcess.serve(database.variables(settings), Main.program(Main.ROSTER_JAR))) {
            new FloodBenchmark(roster.api(), System.out).run();
        }
        System.exit(0); // embedded PostgreSQL leaves non-daemon threads
    }

    private void run() throws Exception {
        double raw = rawHashesPerSecond();
        read(WARM_UP);
        Flood warmUp = new Flood(raw * FLOOD);
        read(WARM_UP);
        warmUp.stop();
        out.printf("cost %d, %d hash thread(s), jBCrypt alone %.2f hashes per second%n", COST, threads, raw);
        for (int round = 1; round <= ROUNDS; round++) {
            Timings unloaded = read(ROUND);
            Flood flood = new Flood(raw * FLOOD);
            read(Duration.ofSeconds(2)); // until the hash queue is full
            flood.forget();
            Timings loaded = read(ROUND);
            flood.stop();
            out.printf(
                    "GET /users/{id}, ms: before p50 %.2f p99 %.2f; in the flood p50 %.2f p99 %.2f (%.2f times)%n",
                    unloaded.median(),
                    unloaded.percentile(99),
                    loaded.median(),
                    loaded.percentile(99),
                    loaded.percentile(99) / unloaded.percentile(99));
            flood.print(raw);
        }
    }

    /** Of jBCrypt alone on all threads. */
    private double rawHashesPerSecond() throws Exception {
        String salt = BCrypt.gensalt(COST);
        BCrypt.hashpw("warm up", salt);
        long start = System.nanoTime();
        long end = start + ROUND.toNanos();
        int count = Concurrently.run(threads, i -> {
                    int hashes = 0;
                    while (System.nanoTime() - end < 0) {
                        BCrypt.hashpw("password" + hashes++, salt);
                    }
                    return hashes;
                })
                .stream()
                .mapToInt(Integer::intValue)
                .sum();
        return count / ((System.nanoTime() - start) / (double) NANOS_PER_SECOND);
    }

    /** Reads at a fixed rate. Times each read from the moment it was due, to include the wait of a late one. */
    private Timings read(Duration length) throws InterruptedException {
        Timings timings = new Timings();
        long interval = NANOS_PER_SECOND / READS_PER_SECOND;
        long start = System.nanoTime();
        for (long due = start + interval; due - start < length.toNanos(); due += interval) {
            TimeUnit.NANOSECONDS.sleep(Math.max(0, due - System.nanoTime()));
            api.get(user.path(), user.token()).expect(200);
            timings.add(System.nanoTime() - due);
        }
        return timings;
    }

    /** Logins with wrong passwords at a fixed rate, which does not wait for responses. */
    private final class Flood {
        private final ExecutorService clients = Executors.newCachedThreadPool();
        private final ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor();
        private final Map<Integer, LongAdder> statuses = new ConcurrentHashMap<>();
        private final Timings refused = new Timings();
        private long start = System.nanoTime();

        Flood(double perSecond) {
            long interval = (long) (NANOS_PER_SECOND / perSecond);
            Future<?> unused =
                    pace.scheduleAtFixedRate(() -> clients.execute(this::logIn), 0, interval, TimeUnit.NANOSECONDS);
        }

        private void logIn() {
            long begin = System.nanoTime();
            Reply reply = api.login(user.email(), "wrong " + guesses.incrementAndGet());
            if (reply.status() == 503 && reply.header("Retry-After") != null) {
                refused.add(System.nanoTime() - begin);
            }
            statuses.computeIfAbsent(reply.status(), status -> new LongAdder()).increment();
        }

        void forget() {
            statuses.clear();
            refused.clear();
            start = System.nanoTime();
        }

        void stop() throws InterruptedException {
            pace.shutdownNow();
            clients.shutdown();
            clients.awaitTermination(1, TimeUnit.MINUTES);
        }

        void print(double raw) {
            double seconds = (System.nanoTime() - start) / (double) NANOS_PER_SECOND;
            double served = statuses.getOrDefault(401, new LongAdder()).sum() / seconds;
            out.printf(
                    "logins by status %s; served %.2f per second, %.0f %% of raw; 503 after p50 %.1f ms p99 %.1f ms%n",
                    statuses, served, 100 * served / raw, refused.median(), refused.percentile(99));
        }
    }
}
