package dev.roster.bench;

import dev.roster.support.http.Api;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
import org.mindrot.jbcrypt.BCrypt;

/**
 * Compares a service with 1,000,000 users to one with 100,000: over HTTP, one request at a time, both services in this
 * process on one embedded PostgreSQL. Takes about ten minutes.
 */
public final class ScaleBenchmark {
    private static final int SMALL = 100_000;
    private static final int LARGE = 1_000_000;
    private static final int PAGE = 50;
    private static final int DEEP_PAGE = 10_000;
    private static final List<String> SORTS = List.of("created_at", "-created_at", "name", "-name", "email", "-email");

    /** Each filter, and a description of its matches among a million users. */
    private static final Map<String, String> FILTERS = new LinkedHashMap<>();

    static {
        FILTERS.put("role=user", "999,000, the common role");
        FILTERS.put("role=admin", "1,000, the rare role");
        FILTERS.put("q=example", "600,000");
        FILTERS.put("q=e", "all");
        FILTERS.put("q=an", "a common pair");
        FILTERS.put("q=juliet", "50,000, adjacent in the order by name");
        FILTERS.put("q=juliet+ross+1", "about 500");
        FILTERS.put("q=zaphod", "20");
        FILTERS.put("q=123456", "a few");
        FILTERS.put("q=nobody+at+all", "none");
        FILTERS.put("q=zq", "none, a pair");
        FILTERS.put("q=%D0%B6", "none, one character");
        FILTERS.put("q=%7E", "none, not a letter");
        FILTERS.put("q=z@example.com", "none; 200,000 without the first letter");
        FILTERS.put("q=juliet&role=admin", "50");
    }

    /** The same for operators. The users were created within eleven days from 2023-11-14T22:13:20Z on. */
    private static final Map<String, String> OPERATOR_FILTERS = new LinkedHashMap<>();

    static {
        String day = "created_from=2023-11-20T00:00:00Z&created_to=2023-11-21T00:00:00Z";
        String hour = "created_from=2023-11-20T00:00:00Z&created_to=2023-11-20T01:00:00Z";
        OPERATOR_FILTERS.put("status=active", "970,000");
        OPERATOR_FILTERS.put("status=disabled", "27,000, most of them the newest");
        OPERATOR_FILTERS.put(day, "86,400");
        OPERATOR_FILTERS.put(hour, "3,600");
        OPERATOR_FILTERS.put("last_login_from=" + daysAgo(100), "480,000");
        OPERATOR_FILTERS.put("last_login_from=" + daysAgo(2), "28,000");
        OPERATOR_FILTERS.put("last_login_to=" + daysAgo(250), "12,000");
        OPERATOR_FILTERS.put("last_login_to=" + daysAgo(285), "900");
        OPERATOR_FILTERS.put("status=disabled&role=admin", "30");
        OPERATOR_FILTERS.put("status=disabled&last_login_from=" + daysAgo(100), "13,000");
        OPERATOR_FILTERS.put("status=active&last_login_from=" + daysAgo(2), "27,000");
        OPERATOR_FILTERS.put("status=active&" + hour, "3,600");
        OPERATOR_FILTERS.put("status=disabled&q=juliet", "1,300");
        OPERATOR_FILTERS.put("last_login_from=" + daysAgo(2) + "&" + day, "2,400");
        OPERATOR_FILTERS.put("last_login_from=" + daysAgo(2) + "&q=example", "17,000");
        OPERATOR_FILTERS.put("email=nobody@example.com", "none");
        OPERATOR_FILTERS.put("q=example", "600,000");
        OPERATOR_FILTERS.put("q=e", "all");
        OPERATOR_FILTERS.put("q=an", "a common pair");
    }

    private static String daysAgo(int days) {
        return Instant.now()
                .minus(Duration.ofDays(days))
                .truncatedTo(ChronoUnit.HOURS)
                .toString();
    }

    private final Scale small;
    private final Scale large;
    private final PrintStream out;
    private final Random random = new Random(1);

    private ScaleBenchmark(Scale small, Scale large, PrintStream out) {
        this.out = out;
        this.small = small;
        this.large = large;
    }

    public static void main(String[] arguments) throws Exception {
        PrintStream out = System.out;
        System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)); // no logs
        try (Scale small = Scale.of(SMALL, out);
                Scale large = Scale.of(LARGE, out)) {
            ScaleBenchmark benchmark = new ScaleBenchmark(small, large, out);
            benchmark.warmUp();
            benchmark.comparePages();
            benchmark.measureLists();
            benchmark.measureOperatorLists();
            benchmark.compareOperations();
        }
        System.exit(0); // embedded PostgreSQL leaves non-daemon threads
    }

    private void warmUp() {
        for (String sort : SORTS) {
            for (String filter : FILTERS.keySet()) {
                small.list(sort, filter, null);
                large.list(sort, filter, null);
            }
        }
        operations().forEach((name, operation) -> compare(operation, 300));
    }

    private void comparePages() {
        out.printf("%n%-14s %12s %14s %8s%n", "ms at 1,000,000", "page 1", "page 10,000", "ratio");
        for (String sort : SORTS) {
            String cursor = large.cursorAfter(sort, (DEEP_PAGE - 1) * PAGE);
            Timings first = new Timings();
            Timings deep = new Timings();
            for (int i = 0; i < 500; i++) {
                first.time(() -> large.list(sort, "", null));
                deep.time(() -> large.list(sort, "", cursor));
            }
            out.printf(
                    "%-14s %12.2f %14.2f %8.2f%n", sort, first.median(), deep.median(), deep.median() / first.median());
        }
    }

    private void measureLists() {
        out.printf("%n%-32s %8s %8s %8s   %s%n", "ms per page of 50 at 1,000,000", "p50", "p99", "max", "matches");
        for (String sort : SORTS) {
            measureList(sort, "", "all");
        }
        FILTERS.forEach((filter, found) -> {
            measureList("created_at", filter, found);
            measureList("name", filter, found);
        });
        out.printf("%nfirst page only%n");
        for (String filter : List.of("q=juliet", "q=sven", "q=sv", "q=zaphod")) {
            Timings timings = new Timings();
            for (int i = 0; i < 100; i++) {
                timings.time(() -> large.list("name", filter, null));
            }
            print("name " + filter, timings, "");
        }
    }

    /** Reads the first twenty pages of the list repeatedly. */
    private void measureList(String sort, String filter, String found) {
        Timings timings = new Timings();
        String[] cursor = {null};
        for (int i = 0; i < 500; i++) {
            String from = i % 20 == 0 ? null : cursor[0];
            timings.time(() -> cursor[0] = large.list(sort, filter, from));
        }
        print(sort + " " + filter, timings, found);
    }

    private void print(String list, Timings timings, String found) {
        out.printf(
                "%-32s %8.2f %8.2f %8.2f   %s%n",
                list, timings.median(), timings.percentile(99), timings.percentile(100), found);
    }

    private void measureOperatorLists() {
        out.printf(
                "%n%-70s %15s %15s %15s   %s%n",
                "ms at 1,000,000: p50 and p99", "by creation", "by name", "count", "matches");
        OPERATOR_FILTERS.forEach((filter, found) -> {
            Timings counts = new Timings();
            for (int i = 0; i < 100; i++) {
                counts.time(() -> large.count(filter));
            }
            Timings byCreation = operatorList("-created_at", filter);
            Timings byName = operatorList("name", filter);
            out.printf(
                    "%-70s %7.2f %7.2f %7.2f %7.2f %7.2f %7.2f   %s%n",
                    filter,
                    byCreation.median(),
                    byCreation.percentile(99),
                    byName.median(),
                    byName.percentile(99),
                    counts.median(),
                    counts.percentile(99),
                    found);
        });
    }

    private Timings operatorList(String sort, String filter) {
        Timings timings = new Timings();
        String[] cursor = {null};
        for (int i = 0; i < 200; i++) {
            String from = i % 20 == 0 ? null : cursor[0];
            timings.time(() -> cursor[0] = large.listForOperators(sort, filter, from));
        }
        return timings;
    }

    private void compareOperations() {
        out.printf("%n%-32s %12s %12s %8s%n", "median ms", "100,000", "1,000,000", "ratio");
        Timings hash = new Timings();
        for (int i = 0; i < 500; i++) {
            hash.time(() -> BCrypt.checkpw(Api.PASSWORD, Scale.HASH));
        }
        operations().forEach((name, operation) -> {
            List<Timings> both = compare(operation, 500);
            double hashing = name.contains("hash") ? hash.median() : 0;
            double few = both.get(0).median() - hashing;
            double many = both.get(1).median() - hashing;
            out.printf("%-32s %12.2f %12.2f %8.2f%n", name, few, many, many / few);
        });
        out.printf("%nThe hash, at cost 4: %.2f ms%n", hash.median());
    }

    /** Runs the operation on both services alternately. */
    private List<Timings> compare(IntFunction<Runnable> operation, int times) {
        Timings few = new Timings();
        Timings many = new Timings();
        for (int i = 0; i < times; i++) {
            few.time(operation.apply(0));
            many.time(operation.apply(1));
        }
        return List.of(few, many);
    }

    /** Each operation for the small (0) and the large (1) service. Its preparation is not timed. */
    private Map<String, IntFunction<Runnable>> operations() {
        Map<String, IntFunction<Runnable>> operations = new LinkedHashMap<>();
        operations.put("register, without its hash", of -> {
            Map<String, Object> body = Api.newBody(Api.newEmail());
            return () -> scale(of).api().register(body).expect(201);
        });
        operations.put("login, without its hash", of -> {
            String email = scale(of).email(random);
            return () -> scale(of).api().login(email, Api.PASSWORD).expect(200);
        });
        operations.put("get", of -> {
            String path = scale(of).path(random);
            return () -> scale(of).api().get(path, scale(of).token()).expect(200);
        });
        operations.put("update", of -> {
            int number = random.nextInt(scale(of).size());
            String token = scale(of).token(number);
            Map<String, String> body = Map.of("name", "Juliet Ross " + random.nextInt(1_000_000));
            return () -> scale(of).api().put(Scale.path(number), token, body).expect(200);
        });
        operations.put("refresh", of -> {
            String token = refreshToken(scale(of));
            return () -> scale(of).api().refresh(token).expect(200);
        });
        List<String> lists = new ArrayList<>(SORTS);
        operations.put("list", of -> {
            String sort = lists.get(random.nextInt(lists.size()));
            return () -> scale(of).list(sort, "", null);
        });
        return operations;
    }

    private Scale scale(int of) {
        return of == 0 ? small : large;
    }

    private String refreshToken(Scale scale) {
        return scale.api()
                .login(scale.email(random), Api.PASSWORD)
                .expect(200)
                .body()
                .path("refresh_token")
                .asText();
    }
}
