package dev.roster.bench;

import dev.roster.audit.AuditEvent;
import dev.roster.audit.AuditEvents;
import dev.roster.audit.AuditVerifier;
import dev.roster.audit.Sealer;
import dev.roster.command.login.LoginCommands;
import dev.roster.command.login.OpenedLogin;
import dev.roster.command.session.NewSession;
import dev.roster.command.user.UserCommands;
import dev.roster.command.user.UserUpdates;
import dev.roster.http.RequestSource;
import dev.roster.id.Ids;
import dev.roster.key.SecretKey;
import dev.roster.support.Concurrently;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestTokens;
import dev.roster.user.StoredUser;
import io.dropwizard.db.DataSourceFactory;
import io.dropwizard.jdbi3.JdbiFactory;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Measures the cost of the audit trail. 16 concurrent writers run the transactions of logins (without the password
 * hash) and of updates, alternately with and without the audit event, while the service seals every second. Then
 * measures how long sealing, verifying and forgetting take. Takes about five minutes.
 */
public final class AuditBenchmark {
    private static final int WRITERS = 16;
    private static final Duration WARM_UP = Duration.ofSeconds(10);
    private static final Duration ROUND = Duration.ofSeconds(20);
    private static final int SEALED = 100_000;
    private static final int VERIFIED = 1_000_000;
    private static final int FORGOTTEN = 10_000;
    private static final int BATCH = 100;
    private static final RequestSource SOURCE =
            new RequestSource("01a211c9-d1c2-7499-b38b-bc8826a367ea", "192.0.2.17", "Mozilla/5.0 (X11; Linux x86_64)");

    private final PrintStream out;
    private final Jdbi jdbi;
    private final Jdbi patient;
    private final Ids ids = new Ids(Clock.systemUTC(), new SecureRandom());
    private final SecretKey key = new SecretKey(TestTokens.SECRET_KEY);
    private final AuditEvents audit = new AuditEvents(key, ids, Clock.systemUTC(), new PrometheusRegistry());
    private final Sealer sealer;
    private final List<UUID> users = new ArrayList<>();

    private AuditBenchmark(Jdbi jdbi, Jdbi patient, PrintStream out) {
        this.out = out;
        this.patient = patient;
        this.jdbi = jdbi;
        this.sealer = new Sealer(jdbi, key, Clock.systemUTC());
    }

    public static void main(String[] arguments) throws Exception {
        PrintStream out = System.out;
        System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)); // no logs
        RosterExtension roster = new RosterExtension().with("DATABASE_COMMAND_CONNECTIONS", Integer.toString(WRITERS));
        roster.start(); // creates the monthly partitions and seals every second
        DataSourceFactory pool = roster.support().getConfiguration().database().commands();
        Jdbi jdbi = new JdbiFactory().build(roster.support().getEnvironment(), pool, "benchmark");
        jdbi.registerRowMapper(StoredUser.class, (row, context) -> StoredUser.read(row));
        jdbi.registerRowMapper(OpenedLogin.class, (row, context) -> OpenedLogin.read(row));
        jdbi.registerRowMapper(
                UserUpdates.Updated.class,
                (row, context) -> new UserUpdates.Updated(StoredUser.read(row), row.getString("details")));
        AuditBenchmark benchmark = new AuditBenchmark(jdbi, roster.jdbi(), out);
        benchmark.addUsers();
        benchmark.compareWriters();
        benchmark.measureMaintenance();
        System.exit(0); // the embedded PostgreSQL keeps threads
    }

    private void addUsers() {
        try (Handle handle = jdbi.open()) {
            UserCommands commands = handle.attach(UserCommands.class);
            for (int i = 0; i < 1000; i++) {
                UUID id = ids.next();
                users.add(id);
                commands.insert(id, "A Person", "person" + i + "@example.com", "user", Scale.HASH, "{}");
            }
        }
    }

    private void compareWriters() throws Exception {
        out.printf("%n%-24s %10s %10s %10s %10s%n", WRITERS + " writers", "per second", "mean ms", "p50 ms", "p99 ms");
        for (boolean login : new boolean[] {true, false}) {
            run(login, WARM_UP);
            Timings[] both = run(login, ROUND);
            print((login ? "login" : "update") + " without", both[0]);
            print((login ? "login" : "update") + " with its event", both[1]);
        }
    }

    /** Alternates between both variants, so that other load on the machine affects both alike. */
    private Timings[] run(boolean login, Duration length) throws Exception {
        List<Timings[]> each = Concurrently.run(WRITERS, writer -> {
            Timings[] both = {new Timings(), new Timings()};
            long end = System.nanoTime() + length.toNanos();
            for (int i = 0; System.nanoTime() < end; i++) {
                UUID user = users.get((i * WRITERS + writer) % users.size());
                boolean audited = (i + writer) % 2 == 0;
                both[audited ? 1 : 0].time(() -> jdbi.useTransaction(handle -> write(handle, user, login, audited)));
            }
            return both;
        });
        return new Timings[] {
            Timings.of(each.stream().map(both -> both[0]).toList()),
            Timings.of(each.stream().map(both -> both[1]).toList())
        };
    }

    private void print(String what, Timings timings) {
        out.printf(
                "%-24s %10.0f %10.2f %10.2f %10.2f%n",
                what, WRITERS * 1000 / timings.mean(), timings.mean(), timings.median(), timings.percentile(99));
    }

    private void write(Handle handle, UUID user, boolean login, boolean audited) {
        UUID session = login ? open(handle, user) : null;
        if (!login) {
            handle.attach(UserUpdates.class)
                    .update(user, "Name " + System.nanoTime(), null, null, false, null, null, null, null, null);
        }
        if (audited) {
            AuditEvent.Type type = login ? AuditEvent.Type.LOGGED_IN : AuditEvent.Type.DETAILS_CHANGED;
            audit.write(handle, List.of(AuditEvent.by(user, type, SOURCE).in(session)));
        }
    }

    private static UUID open(Handle handle, UUID user) {
        NewSession session =
                new NewSession(UUID.randomUUID(), user, "A".repeat(43), 3600, SOURCE.userAgent(), SOURCE.ip());
        return handle.attach(LoginCommands.class)
                .open(session, Scale.HASH)
                .map(open -> session.id())
                .orElseThrow();
    }

    private void measureMaintenance() {
        sealer.seal();
        try (Handle other = jdbi.open()) {
            other.execute("SELECT pg_advisory_lock(hashtext('roster-audit-seal'))"); // keeps the service from sealing
            write(SEALED, users.get(1));
            other.execute("SELECT pg_advisory_unlock(hashtext('roster-audit-seal'))");
            measure(String.format("sealing %,d events", SEALED), this::sealAll);
        }
        long existing = count("audit_events");
        write((int) Math.max(0, VERIFIED - existing), users.get(1));
        sealAll();
        patient.useHandle(handle -> handle.execute("VACUUM ANALYZE"));
        measure(String.format("verifying %,d events", Math.max(existing, VERIFIED)), () -> {
            AuditVerifier verifier = new AuditVerifier(key, LocalDate.EPOCH, out::println);
            if (!verifier.verify(patient, null)) {
                throw new IllegalStateException("The audit trail does not verify");
            }
        });
        out.printf(
                "heap in use %,d MB%n",
                (Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) >> 20);
        write(FORGOTTEN, users.get(2));
        measure(
                String.format("forgetting a user with %,d events", FORGOTTEN),
                () -> jdbi.useTransaction(handle -> audit.forgetPerson(handle, users.get(2))));
        out.println(jdbi.<String, RuntimeException>withHandle(
                handle -> handle.createQuery("""
                        WITH events AS (SELECT count(*) AS count FROM audit_events)
                        SELECT 'bytes per event: ' || sum(pg_total_relation_size(inhrelid)) / (SELECT count FROM events)
                               || ' with indexes; for its seal: '
                               || pg_total_relation_size('audit_seals') / (SELECT count FROM events)
                          FROM pg_inherits
                         WHERE inhparent = 'audit_events'::regclass
                        """).mapTo(String.class).one()));
    }

    /** Seals until no event is left; the service seals at the same time. */
    private void sealAll() {
        do {
            sealer.seal();
        } while (count("audit_unsealed") > 0);
    }

    private long count(String table) {
        return patient.withHandle(handle -> handle.createQuery("SELECT count(*) FROM " + table)
                .mapTo(Long.class)
                .one());
    }

    private void write(int count, UUID user) {
        AuditEvent event =
                AuditEvent.by(user, AuditEvent.Type.LOGGED_IN, SOURCE).in(user);
        List<AuditEvent> batch = Collections.nCopies(BATCH, event);
        for (int i = 0; i < count; i += BATCH) {
            jdbi.useTransaction(handle -> audit.write(handle, batch));
        }
    }

    private void measure(String what, Runnable action) {
        Timings timings = new Timings();
        timings.time(action);
        out.printf("%s: %.1f s%n", what, timings.median() / 1000);
    }
}
