package dev.roster.bench;

import dev.roster.bench.KeptConnection.Timed;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestTokens;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Checks that the time of a refused login does not reveal the reason (ASVS 6.3.8). Uses bcrypt's lowest cost, where a
 * difference shows most, and one persistent connection; mixes all kinds of login in random order. Runs without limits,
 * with limits that only count, and with limits that refuse. Fails if an AUC is outside 0.50 ± 0.03, because then the
 * times of two kinds of login differ. Takes five minutes.
 */
public final class LoginTimingBenchmark {
    private static final int TRIES = Integer.getInteger("timing.tries", 5_000);
    private static final int WARM_UP = 2_000;
    private static final int USERS = 100;
    private static final double LIMIT = 0.03;

    private final PrintStream out;
    private final Random random = new Random(1);
    private final List<String> known = new ArrayList<>();
    private final List<String> unknown = new ArrayList<>();
    private final List<String> deleted = new ArrayList<>();

    /** The owner of the address. Each reason to refuse a login with the same response belongs here. */
    private enum Owner {
        KNOWN,
        UNKNOWN,
        DELETED
    }

    /** The password in the request, always a wrong one. */
    private enum Sent {
        WRONG("Wrong-Horse-9"),
        EMPTY(""),
        BYTES_73("q".repeat(73)),
        KILOBYTES_15("q".repeat(15 * 1024));

        private final String password;

        Sent(String password) {
            this.password = password;
        }
    }

    private record Kind(Owner owner, Sent sent) {
        @Override
        public String toString() {
            return owner + " with " + sent;
        }
    }

    /** Two kinds owner times must look alike. */
    private record Pair(Kind first, Kind second) {}

    private LoginTimingBenchmark(PrintStream out) {
        this.out = out;
    }

    public static void main(String[] arguments) throws Exception {
        PrintStream out = System.out;
        System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)); // no logs
        boolean passed = run("without limits", new RosterExtension(), Set.of(Sent.values()), 401, out);
        RosterExtension counting =
                new RosterExtension().with("LOGIN_FAILURES_ANYWHERE", "10000").with("ADDRESS_FAILURES", "1000000");
        passed &= run("with limits that count", counting, Set.of(Sent.WRONG), 401, out);
        RosterExtension refusing =
                new RosterExtension().with("LOGIN_FAILURES", "1").with("LOGIN_FAILURES_ANYWHERE", "1");
        passed &= run("with limits that refuse", refusing, Set.of(Sent.WRONG), 429, out);
        System.exit(passed ? 0 : 1); // embedded PostgreSQL leaves non-daemon threads
    }

    private static boolean run(String name, RosterExtension roster, Set<Sent> sent, int status, PrintStream out)
            throws Exception {
        roster.start();
        LoginTimingBenchmark benchmark = new LoginTimingBenchmark(out);
        benchmark.register(roster.api());
        try (KeptConnection connection = new KeptConnection(roster.api().base())) {
            benchmark.measure(connection, WARM_UP, sent, status);
            out.printf("%n%s, status %d%n", name, status);
            return benchmark.compare(benchmark.measure(connection, TRIES, sent, status), sent);
        } finally {
            roster.stop();
        }
    }

    private void register(Api api) {
        for (int i = 0; i < USERS; i++) {
            known.add(api.newUser().email());
            unknown.add("nobody" + (USERS + i) + "@example.com");
            TestUser deletedUser = api.newUser();
            api.delete(deletedUser.path(), deletedUser.token()).expect(204);
            deleted.add(deletedUser.email());
        }
    }

    private Map<Kind, List<Long>> measure(KeptConnection connection, int tries, Set<Sent> all, int status) {
        List<Kind> kinds = new ArrayList<>();
        for (Owner owner : Owner.values()) {
            all.stream().sorted().forEach(sent -> kinds.add(new Kind(owner, sent)));
        }
        Map<Kind, List<Long>> nanos = new LinkedHashMap<>();
        kinds.forEach(kind -> nanos.put(kind, new ArrayList<>())); // fixes the order of the output
        for (int i = 0; i < tries; i++) {
            Collections.shuffle(kinds, random);
            for (Kind kind : kinds) {
                Timed answer = connection.send(request(kind));
                if (answer.status() == status) { // now and then a limit lets one attempt through
                    nanos.computeIfAbsent(kind, added -> new ArrayList<>()).add(answer.nanos());
                }
            }
        }
        return nanos;
    }

    private byte[] request(Kind kind) {
        String body = TestTokens.json(Map.of("email", email(kind.owner()), "password", kind.sent().password));
        return ("POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: "
                        + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
    }

    private String email(Owner owner) {
        return switch (owner) {
            case KNOWN -> known.get(random.nextInt(USERS));
            case DELETED -> deleted.get(random.nextInt(USERS));
            case UNKNOWN -> unknown.get(random.nextInt(USERS));
        };
    }

    private boolean compare(Map<Kind, List<Long>> nanos, Set<Sent> sent) {
        out.printf("%n%-28s %10s %10s%n", "", "responses", "median µs");
        nanos.forEach((kind, times) -> out.printf("%-28s %10d %10.1f%n", kind, times.size(), median(times) / 1e3));
        out.printf("%n%-58s %6s%n", "compared", "AUC");
        boolean passed = true;
        for (Pair pair : pairs(sent)) {
            double auc =
                    Auc.of(nanos.getOrDefault(pair.first(), List.of()), nanos.getOrDefault(pair.second(), List.of()));
            boolean differ = !(Math.abs(auc - 0.5) <= LIMIT);
            passed &= !differ;
            out.printf("%-28s  %-28s %6.3f%s%n", pair.first(), pair.second(), auc, differ ? "  FAILED" : "");
        }
        return passed;
    }

    /** Compares known with unknown addresses for each password, and wrong passwords for known addresses. */
    private static List<Pair> pairs(Set<Sent> all) {
        List<Pair> pairs = new ArrayList<>();
        for (Sent sent : all) {
            Kind ofKnown = new Kind(Owner.KNOWN, sent);
            pairs.add(new Pair(ofKnown, new Kind(Owner.UNKNOWN, sent)));
            pairs.add(new Pair(ofKnown, new Kind(Owner.DELETED, sent)));
        }
        // Not 15 KiB: a longer request takes longer to send, which reveals nothing.
        for (Sent sent : List.of(Sent.EMPTY, Sent.BYTES_73)) {
            if (all.contains(sent)) {
                pairs.add(new Pair(new Kind(Owner.KNOWN, Sent.WRONG), new Kind(Owner.KNOWN, sent)));
            }
        }
        return pairs;
    }

    private static long median(List<Long> times) {
        return times.stream().sorted().toList().get(times.size() / 2);
    }
}
