package dev.roster.bench;

import dev.roster.bench.KeptConnection.Timed;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestTokens;
import dev.roster.support.http.Api;
import dev.roster.support.mail.MailSink;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import org.mindrot.jbcrypt.BCrypt;

/**
 * Checks that the times of requests for mails, of registrations with {@code EMAIL_VERIFICATION=required}, and of logins
 * do not tell who has an account, whatever the SMTP server does: it accepts mails at once, it takes a second for each
 * answer, or its port is closed. Uses bcrypt's lowest cost, where a difference shows most, and one persistent
 * connection; mixes all kinds of request in random order. Fails if an AUC is outside 0.50 ± 0.03.
 */
public final class MailTimingBenchmark {
    private static final int TRIES = Integer.getInteger("timing.tries", 5_000);
    private static final int WARM_UP = Math.min(300, TRIES);
    private static final int USERS = 100;
    private static final double LIMIT = 0.03;
    private static final long SLOW_MILLIS = 1_000;

    private final RosterExtension roster;
    private final PrintStream out;
    private final Random random = new Random(1);
    private final Map<Owner, List<String>> addresses = new LinkedHashMap<>();

    /** Whose address it is. */
    private enum Owner {
        NOBODY,
        PROVEN_USER,
        UNPROVEN_USER
    }

    private enum Route {
        LOGIN("login", 401),
        RESET("password-reset", 202),
        VERIFICATION("verification", 202),
        REGISTRATION("register", 202);

        private final String path;
        private final int status;

        Route(String path, int status) {
            this.path = path;
            this.status = status;
        }

        private Map<String, ?> body(String email) {
            return switch (this) {
                case LOGIN -> Map.of("email", email, "password", "Wrong-Horse-9");
                case RESET, VERIFICATION -> Map.of("email", email);
                case REGISTRATION -> Api.newBody(email);
            };
        }
    }

    private record Kind(Route route, Owner owner) {}

    private MailTimingBenchmark(RosterExtension roster, PrintStream out) {
        this.roster = roster;
        this.out = out;
    }

    public static void main(String[] arguments) throws Exception {
        PrintStream out = System.out;
        System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)); // no logs
        boolean passed;
        try (MailSink quick = new MailSink(0);
                MailSink slow = new MailSink(SLOW_MILLIS)) {
            passed = run("the server accepts mails at once", quick.port(), out);
            passed &= run("the server takes a second for each answer", slow.port(), out);
        }
        MailSink closed = new MailSink(0);
        closed.close();
        passed &= run("the server's port is closed", closed.port(), out);
        System.exit(passed ? 0 : 1); // embedded PostgreSQL leaves non-daemon threads
    }

    private static boolean run(String name, int port, PrintStream out) throws Exception {
        RosterExtension roster = new RosterExtension()
                .with("MAIL", "smtp")
                .with("MAIL_HOST", "127.0.0.1")
                .with("MAIL_PORT", Integer.toString(port))
                .with("MAIL_TLS", "none")
                .with("MAIL_FROM", "roster@example.com")
                .with("MAIL_LINKS", "https://example.com")
                .with("EMAIL_VERIFICATION", "required")
                .with("MAILS_PER_ADDRESS", "0")
                .with("MAILS_PER_CLIENT", "0")
                .with("REGISTRATIONS", "0");
        roster.start();
        try (KeptConnection connection = new KeptConnection(roster.api().base())) {
            MailTimingBenchmark benchmark = new MailTimingBenchmark(roster, out);
            benchmark.addUsers();
            benchmark.measure(connection, WARM_UP);
            out.printf("%n%s%n%n%-14s %-14s %10s %10s %6s%n", name, "", "", "responses", "median µs", "AUC");
            return benchmark.compare(benchmark.measure(connection, TRIES));
        } finally {
            roster.stop();
        }
    }

    private void addUsers() {
        String hash = BCrypt.hashpw(Api.PASSWORD, BCrypt.gensalt(4));
        for (Owner owner : Owner.values()) {
            List<String> emails = new ArrayList<>();
            for (int i = 0; i < USERS; i++) {
                String email = owner.name().toLowerCase(Locale.ROOT) + i + "@example.com";
                emails.add(email);
                if (owner != Owner.NOBODY) {
                    roster.jdbi()
                            .useHandle(handle -> handle.execute(
                                    "INSERT INTO users (id, name, email, password_hash, email_verified_at)"
                                            + " VALUES (?, 'Ada', ?, ?, CASE WHEN ? THEN now() END)",
                                    UUID.randomUUID(),
                                    email,
                                    hash,
                                    owner == Owner.PROVEN_USER));
                }
            }
            addresses.put(owner, emails);
        }
    }

    private Map<Kind, List<Long>> measure(KeptConnection connection, int tries) {
        Map<Kind, List<Long>> nanos = new LinkedHashMap<>();
        for (Route route : Route.values()) {
            for (Owner owner : Owner.values()) {
                nanos.put(new Kind(route, owner), new ArrayList<>());
            }
        }
        List<Kind> kinds = new ArrayList<>(nanos.keySet());
        for (int i = 0; i < tries; i++) {
            Collections.shuffle(kinds, random);
            for (Kind kind : kinds) {
                Timed answer = connection.send(request(kind));
                if (answer.status() != kind.route().status) {
                    throw new IllegalStateException(kind + " got " + answer.status());
                }
                Objects.requireNonNull(nanos.get(kind)).add(answer.nanos());
            }
        }
        return nanos;
    }

    private byte[] request(Kind kind) {
        String email = Objects.requireNonNull(addresses.get(kind.owner())).get(random.nextInt(USERS));
        String body = TestTokens.json(kind.route().body(email));
        return ("POST /api/v1/auth/" + kind.route().path + " HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                        + "Content-Length: " + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Compares the addresses of users with addresses of nobody. */
    private boolean compare(Map<Kind, List<Long>> nanos) {
        boolean passed = true;
        for (Map.Entry<Kind, List<Long>> entry : nanos.entrySet()) {
            Kind kind = entry.getKey();
            List<Long> nobody = Objects.requireNonNull(nanos.get(new Kind(kind.route(), Owner.NOBODY)));
            double auc = Auc.of(nobody, entry.getValue());
            boolean differ = !(Math.abs(auc - 0.5) <= LIMIT);
            passed &= !differ;
            out.printf(
                    "%-14s %-14s %10d %10.1f %6.3f%s%n",
                    kind.route(),
                    kind.owner(),
                    entry.getValue().size(),
                    median(entry.getValue()) / 1e3,
                    auc,
                    differ ? "  FAILED" : "");
        }
        return passed;
    }

    private static double median(List<Long> times) {
        return times.stream().sorted().toList().get(times.size() / 2);
    }
}
