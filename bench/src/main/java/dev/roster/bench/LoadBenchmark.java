package dev.roster.bench;

import dev.roster.apikey.Scope;
import dev.roster.support.Concurrently;
import dev.roster.support.TestKeys;
import dev.roster.support.TestTokens;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.process.RosterProcess;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.mindrot.jbcrypt.BCrypt;

/**
 * Measures the throughput, CPU time and latency of each kind of request, and of two baselines: {@link BareDropwizard}
 * and jBCrypt alone. Takes about 20 minutes and needs wrk (Debian: {@code apt install wrk}).
 *
 * <p>{@code -Dload.users=1000000} sets the number of users, {@code -Dload.warm=10} the seconds of each warm-up. On two
 * cores a cold service reaches less than half of its throughput. {@code -Dload.cost=12} sets the cost of bcrypt. {@code
 * -Dload.beside=FILE} measures another jar in the same rounds, for example that of an earlier version. {@code
 * -Dload.only=passwords} measures only logins and registrations, of which too few are served to warm up in a minute;
 * {@code -Dload.only=introspection} measures only introspections, beside {@code GET /users/me}; {@code
 * -Dload.only=algorithms} only reads and refreshes with each algorithm of {@code -Dload.algorithms=HS256,ES256}.
 */
public final class LoadBenchmark {
    private static final int COST = Integer.getInteger("load.cost", 10);
    private static final String ONLY = System.getProperty("load.only", "");
    private static final List<String> ALGORITHMS =
            List.of(System.getProperty("load.algorithms", "HS256,ES256").split(",", -1));
    private static final int LOGGED_IN = 128;
    private static final int ROUNDS = 3;
    private static final int CONNECTIONS = 32;
    /** As many as the service has. */
    private static final int HASHING_THREADS = Runtime.getRuntime().availableProcessors();

    private static final int WARM_UP_SECONDS = Integer.getInteger("load.warm", 60);
    private static final int ROUND_SECONDS = 10;
    private static final Duration SETTLING = Duration.ofMillis(250);
    private static final int SETTLINGS = 40;

    private static final Pattern RESULT = Pattern.compile("RESULT (\\d+) (\\d+) (\\d+) (\\d+) (\\d+)");

    private final PrintStream out;
    private final Path files;
    private final @Nullable RosterProcess beside;

    private LoadBenchmark(PrintStream out, Path files, @Nullable RosterProcess beside) {
        this.out = out;
        this.files = files;
        this.beside = beside;
    }

    public static void main(String[] arguments) throws Exception {
        TestDatabase database = TestDatabase.migrated();
        seed(database.jdbi(), Integer.getInteger("load.users", 10_000));
        Map<String, String> settings = Map.of(
                "BCRYPT_COST",
                Integer.toString(COST),
                "LOG_LEVEL",
                "INFO",
                "ACCESS_TOKEN_LIFETIME",
                "60m",
                "REGISTRATIONS",
                "0",
                "HASH_WAIT",
                "30s",
                "EXCHANGE_TIMEOUT",
                "40s");
        List<String> roster = Main.program(Main.ROSTER_JAR, "-Xmx1g");
        Path files = Files.createTempDirectory("load");
        Path bareSettings = Files.writeString(files.resolve("bare.yml"), bareSettings(database));
        List<String> bareProgram = List.of(
                "-XX:TieredStopAtLevel=4",
                "-Xmx1g",
                "-cp",
                System.getProperty("java.class.path"),
                BareDropwizard.class.getName(),
                bareSettings.toString());
        Map<String, String> withoutCache = new HashMap<>(settings);
        withoutCache.put("USER_CACHE", "0");
        String besideJar = System.getProperty("load.beside", "");
        try (RosterProcess service = RosterProcess.serve(database.variables(settings), roster);
                RosterProcess beside = besideJar.isEmpty()
                        ? null
                        : RosterProcess.serve(database.variables(settings), Main.program(besideJar, "-Xmx1g"));
                RosterProcess uncached = RosterProcess.serve(database.variables(withoutCache), roster);
                RosterProcess bare = RosterProcess.start(
                        Map.of(
                                "API_PORT", "8120",
                                "ADMIN_PORT", "8121",
                                "JWT_SECRET_KEY", TestTokens.SECRET_KEY),
                        bareProgram,
                        Path.of("").toAbsolutePath())) {
            bare.awaitReady();
            LoadBenchmark benchmark = new LoadBenchmark(System.out, files, beside);
            benchmark.run(database.jdbi(), service, uncached, bare);
            if (isMeasured("algorithms")) {
                benchmark.algorithms(settings, roster);
            }
        }
        System.exit(0); // embedded PostgreSQL leaves non-daemon threads
    }

    private static void seed(Jdbi jdbi, int users) {
        jdbi.useHandle(handle -> {
            handle.createUpdate("""
                            INSERT INTO users (id, name, email, role, password_hash)
                            SELECT gen_random_uuid(), 'User ' || i, 'user' || i || '@example.com', 'user', :hash
                              FROM generate_series(1, :users) AS i
                            """)
                    .bind("hash", BCrypt.hashpw(Api.PASSWORD, BCrypt.gensalt(COST)))
                    .bind("users", users)
                    .execute();
            handle.execute("VACUUM ANALYZE users");
        });
    }

    private static String bareSettings(TestDatabase database) {
        return """
                server:
                  applicationConnectors: [{type: http, port: 8120, bindHost: 127.0.0.1}]
                  adminConnectors: [{type: http, port: 8121, bindHost: 127.0.0.1}]
                  requestLog: {appenders: []}
                logging: {level: WARN}
                database:
                  driverClass: org.postgresql.Driver
                  url: "%s"
                  user: %s
                  password: %s
                  minSize: 8
                  maxSize: 16
                  checkConnectionOnBorrow: false
                """.formatted(database.url(), database.user(), database.password());
    }

    private void run(Jdbi jdbi, RosterProcess service, RosterProcess uncached, RosterProcess bare) throws Exception {
        Api api = service.api();
        List<TestUser> users = Stream.generate(api::newUser).limit(LOGGED_IN).toList();
        Path lines = Files.write(files.resolve("lines"), lines(jdbi, users));
        out.println("| request | per second | CPU, ms | database CPU, ms | p50, ms | p99, ms |");
        Load read = new Load(lines, "GET", "/api/v1/users/<3>").as("<2>");
        if (ONLY.isEmpty()) {
            measure(reads(read, lines, service, uncached, bare));
            measure(listsAndChanges(lines, users, service));
        }
        if (isMeasured("passwords")) {
            measure(passwords(lines, service));
        }
        if (isMeasured("introspection")) {
            introspections(TestKeys.make(jdbi, Scope.INTROSPECT), lines, service);
        }
        if (ONLY.isEmpty()) {
            atHalfLoad(service, read);
        }
    }

    private static boolean isMeasured(String part) {
        return ONLY.isEmpty() || ONLY.equals(part);
    }

    /** Measures reads and refreshes with each algorithm. A database has one, so each has a database of its own. */
    private void algorithms(Map<String, String> settings, List<String> roster) throws Exception {
        List<RosterProcess> services = new ArrayList<>();
        try {
            List<Case> reads = new ArrayList<>();
            List<Case> refreshes = new ArrayList<>();
            for (String algorithm : ALGORITHMS) {
                TestDatabase database = TestDatabase.migrated();
                seed(database.jdbi(), LOGGED_IN);
                Map<String, String> variables = new HashMap<>(settings);
                variables.put("TOKEN_ALGORITHM", algorithm);
                RosterProcess service = RosterProcess.serve(database.variables(variables), roster);
                services.add(service);
                List<TestUser> users =
                        Stream.generate(service.api()::newUser).limit(LOGGED_IN).toList();
                Path lines = Files.write(files.resolve("lines-" + algorithm), lines(database.jdbi(), users));
                Load read = new Load(lines, "GET", "/api/v1/users/me").as("<2>");
                reads.add(new Requests("GET /users/me, " + algorithm, service, read, false));
                Load refresh = refresh(lines, users, service.api());
                refreshes.add(new Requests("POST /auth/refresh, " + algorithm, service, refresh, false));
            }
            List<Double> read = measure(reads);
            List<Double> refreshed = measure(refreshes);
            for (int i = 1; i < ALGORITHMS.size(); i++) {
                out.printf(
                        "%s: %.2f times the reads and %.2f times the refreshes of %s%n",
                        ALGORITHMS.get(i),
                        read.get(i) / read.get(0),
                        refreshed.get(i) / refreshed.get(0),
                        ALGORITHMS.get(0));
            }
        } finally {
            services.forEach(RosterProcess::close);
        }
    }

    private void introspections(String key, Path lines, RosterProcess service) throws Exception {
        Load read = new Load(lines, "GET", "/api/v1/users/me").as("<2>");
        Load introspection =
                new Load(lines, "POST", "/oauth/introspect").as(key).withForm("token=<2>");
        List<Double> perSecond = measure(List.of(
                new Requests("GET /users/me", service, read, true),
                new Requests("POST /oauth/introspect", service, introspection, false)));
        out.printf(
                "Introspection: %.2f times the rate of GET /users/me%n",
                perSecond.get(perSecond.size() - 1) / perSecond.get(0));
    }

    private static List<Case> reads(
            Load read, Path lines, RosterProcess service, RosterProcess uncached, RosterProcess bare) {
        return List.of(
                new Requests("bare Dropwizard, /hello", bare, new Load(lines, "GET", "/hello"), false),
                new Requests(
                        "bare Dropwizard, JDBI, jose4j", bare, new Load(lines, "GET", "/users/<3>").as("<2>"), false),
                new Requests("GET /users/{id}", service, read, true),
                new Requests("GET /users/{id}, USER_CACHE=0", uncached, read, false));
    }

    private static List<Case> listsAndChanges(Path lines, List<TestUser> users, RosterProcess service) {
        Api api = service.api();
        Supplier<List<String>> cursors = () -> users.stream()
                .map(user -> api.get("/users?limit=50", user.token()).expect(200))
                .map(page -> page.body().path("next_cursor").asText())
                .toList();
        return List.of(
                new Requests(
                        "GET /users, pages of 50",
                        service,
                        new Load(lines, "GET", "/api/v1/users?limit=50&cursor=<next>")
                                .as("<2>")
                                .following("\"next_cursor\":\"([^\"]+)\"", cursors),
                        true),
                new Requests(
                        "PUT /users/{id}",
                        service,
                        new Load(lines, "PUT", "/api/v1/users/<1>").as("<2>").with("{\"name\":\"Renamed <n>\"}"),
                        true),
                new Requests("POST /auth/refresh", service, refresh(lines, users, api), true));
    }

    private static Load refresh(Path lines, List<TestUser> users, Api api) {
        return new Load(lines, "POST", "/api/v1/auth/refresh")
                .with("{\"refresh_token\":\"<next>\"}")
                .following("\"refresh_token\":\"([^\"]+)\"", () -> users.stream()
                        .map(user -> api.newSession(user).refreshToken())
                        .toList());
    }

    private static List<Case> passwords(Path lines, RosterProcess service) {
        String password = "\"password\":\"" + Api.PASSWORD + "\"}";
        return List.of(
                new RawHashes("jBCrypt alone, in as many threads as the service"),
                new Requests(
                        "POST /auth/login",
                        service,
                        new Load(lines, "POST", "/api/v1/auth/login").with("{\"email\":\"<4>\"," + password),
                        true),
                new Requests(
                        "POST /auth/register",
                        service,
                        new Load(lines, "POST", "/api/v1/auth/register")
                                .with("{\"name\":\"New\",\"email\":\"new<n>@example.com\"," + password),
                        true));
    }

    /** One line each: id and token of a user who is logged in, then id and address of any user. */
    private static List<String> lines(Jdbi jdbi, List<TestUser> loggedIn) {
        List<String> anyUser = jdbi.withHandle(
                handle -> handle.createQuery("""
                        SELECT id || E'\t' || email
                          FROM users
                         WHERE email LIKE 'user%@example.com'
                         ORDER BY random()
                         LIMIT 10000
                        """).mapTo(String.class).list());
        return IntStream.range(0, anyUser.size())
                .mapToObj(i -> {
                    TestUser user = loggedIn.get(i % loggedIn.size());
                    return user.id() + "\t" + user.token() + "\t" + anyUser.get(i);
                })
                .toList();
    }

    /** Warms up each case, then measures them in turn, so that other load affects all alike. Returns the rates. */
    private List<Double> measure(List<Case> rows) throws Exception {
        List<Case> cases = new ArrayList<>();
        for (Case row : rows) {
            cases.add(row);
            if (beside != null && row instanceof Requests requests && requests.comparable()) {
                cases.add(new Requests(requests.name() + ", other jar", beside, requests.load(), true));
            }
        }
        for (Case each : cases) {
            Result unused = each.run(WARM_UP_SECONDS);
        }
        Map<Case, List<Result>> results = new LinkedHashMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            for (Case each : cases) {
                results.computeIfAbsent(each, key -> new ArrayList<>()).add(each.run(ROUND_SECONDS));
            }
        }
        results.forEach((each, rounds) -> out.printf(
                "| %s | %.1f | %.3f | %.3f | %.2f | %.2f |%n",
                each.name(),
                median(rounds, Result::perSecond),
                median(rounds, Result::cpuMillis),
                median(rounds, Result::databaseMillis),
                median(rounds, Result::p50),
                median(rounds, Result::p99)));
        return results.values().stream()
                .map(rounds -> median(rounds, Result::perSecond))
                .toList();
    }

    /** Delays each request, so that about half of the maximum throughput arrives. */
    private void atHalfLoad(RosterProcess service, Load read) throws Exception {
        double maximum =
                new Requests("", service, read, false).run(ROUND_SECONDS).perSecond();
        int delay = (int) Math.round(2 * CONNECTIONS / (maximum / 2) * 1000);
        Result half = new Requests("", service, read.waiting(delay), false).run(3 * ROUND_SECONDS);
        out.printf(
                "GET /users/{id} at %.0f %% of its maximum: p50 %.2f ms, p99 %.2f ms%n",
                100 * half.perSecond() / maximum, half.p50(), half.p99());
    }

    private static double median(List<Result> rounds, ToDoubleFunction<Result> figure) {
        return rounds.stream()
                .mapToDouble(figure)
                .sorted()
                .skip(rounds.size() / 2)
                .findFirst()
                .orElseThrow();
    }

    private static Duration cpu(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** The requests, as environment variables for {@code load.lua}. */
    private record Load(Map<String, String> variables, Supplier<List<String>> first) {
        Load(Path lines, String method, String path) {
            this(Map.of("LOAD_LINES", lines.toString(), "LOAD_METHOD", method, "LOAD_PATH", path), List::of);
        }

        Load as(String token) {
            return with("LOAD_TOKEN", token);
        }

        Load with(String body) {
            return with("LOAD_BODY", body);
        }

        Load withForm(String body) {
            return with(body).with("LOAD_TYPE", "application/x-www-form-urlencoded");
        }

        /** @param fresh the first values of {@code <next>} for each run */
        Load following(String pattern, Supplier<List<String>> fresh) {
            return new Load(with("LOAD_NEXT", pattern).variables, fresh);
        }

        /** @param maximum the longest delay before a request, in milliseconds */
        Load waiting(int maximum) {
            return with("LOAD_DELAY", Integer.toString(maximum));
        }

        private Load with(String name, String value) {
            Map<String, String> more = new HashMap<>(variables);
            more.put(name, value);
            return new Load(more, first);
        }
    }

    /** One row of the result. */
    private interface Case {
        String name();

        Result run(int seconds) throws Exception;
    }

    /** Hashing alone, the lower bound for a login or a registration. */
    private record RawHashes(String name) implements Case {
        @Override
        public Result run(int seconds) throws Exception {
            String hash = BCrypt.hashpw(Api.PASSWORD, BCrypt.gensalt(COST));
            Duration cpu = cpu(ProcessHandle.current());
            long start = System.nanoTime();
            long end = start + Duration.ofSeconds(seconds).toNanos();
            List<Timings> each = Concurrently.run(HASHING_THREADS, Duration.ofSeconds(seconds + 30), thread -> {
                Timings timings = new Timings();
                while (System.nanoTime() < end) {
                    timings.time(() -> BCrypt.checkpw(Api.PASSWORD, hash));
                }
                return timings;
            });
            long micros = (System.nanoTime() - start) / 1000;
            Timings all = Timings.of(each);
            return new Result(
                    all.count(),
                    micros,
                    Math.round(all.median() * 1000),
                    Math.round(all.percentile(99) * 1000),
                    cpu(ProcessHandle.current()).minus(cpu),
                    Duration.ZERO);
        }
    }

    /** @param comparable whether another jar is measured as well */
    private record Requests(String name, RosterProcess process, Load load, boolean comparable) implements Case {
        @Override
        public Result run(int seconds) throws Exception {
            Path first = Files.write(
                    Files.createTempFile("load", ".first"), load.first().get());
            ProcessHandle service = ProcessHandle.of(process.pid()).orElseThrow();
            Duration cpu = cpu(service);
            Map<Long, Duration> database = databaseCpu();
            ProcessBuilder wrk = new ProcessBuilder(
                    "wrk",
                    "-t1",
                    "-c" + CONNECTIONS,
                    "-d" + seconds + "s",
                    "--timeout",
                    "30s",
                    "-s",
                    "bench/src/main/wrk/load.lua",
                    process.api().base().resolve("/").toString());
            wrk.environment().putAll(load.variables());
            wrk.environment().put("LOAD_FIRST", first.toString());
            Process running = wrk.redirectErrorStream(true).start();
            String output = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Matcher result = RESULT.matcher(output);
            if (running.waitFor() != 0 || !result.find() || !result.group(5).equals("0")) {
                throw new IllegalStateException(name + ": " + output);
            }
            Files.delete(first);
            Duration spent = cpu(service).minus(cpu);
            Duration databaseSpent = databaseCpu().entrySet().stream()
                    .map(now -> now.getValue().minus(database.getOrDefault(now.getKey(), Duration.ZERO)))
                    .reduce(Duration.ZERO, Duration::plus);
            settle(service);
            return new Result(
                    Long.parseLong(result.group(1)),
                    Long.parseLong(result.group(2)),
                    Long.parseLong(result.group(3)),
                    Long.parseLong(result.group(4)),
                    spent,
                    databaseSpent);
        }

        /** Waits until the service is idle. wrk ends before its last responses, which must not slow the next case. */
        private static void settle(ProcessHandle service) throws InterruptedException {
            for (int i = 0; i < SETTLINGS; i++) {
                Duration before = cpu(service);
                Thread.sleep(SETTLING.toMillis());
                if (cpu(service).minus(before).compareTo(SETTLING.dividedBy(5)) < 0) {
                    return;
                }
            }
        }

        /** CPU time of each PostgreSQL process that started after this JVM. They are not its child processes. */
        private static Map<Long, Duration> databaseCpu() {
            Instant start = ProcessHandle.current().info().startInstant().orElseThrow();
            return ProcessHandle.allProcesses()
                    .filter(process -> process.info().command().orElse("").endsWith("/postgres"))
                    .filter(process ->
                            process.info().startInstant().orElse(start).isAfter(start))
                    .collect(Collectors.toMap(ProcessHandle::pid, LoadBenchmark::cpu));
        }
    }

    /** The figures of wrk and the CPU time of the processes; times in microseconds. */
    private record Result(long requests, long time, long medianTime, long p99Time, Duration cpu, Duration databaseCpu) {
        double perSecond() {
            return requests / (time / 1e6);
        }

        double cpuMillis() {
            return cpu.toNanos() / 1e6 / requests;
        }

        double databaseMillis() {
            return databaseCpu.toNanos() / 1e6 / requests;
        }

        double p50() {
            return medianTime / 1e3;
        }

        double p99() {
            return p99Time / 1e3;
        }
    }
}
