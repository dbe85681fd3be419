package dev.roster.failover;

import dev.roster.support.Poll;
import dev.roster.support.database.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/** Three machines with Patroni and PostgreSQL, etcd, and HAProxy, which leads to the primary. */
final class Cluster implements AutoCloseable {
    /** The owner of the database, and its name. */
    static final String ROSTER = "roster";

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Workplace workplace = new Workplace();
    private final Etcd etcd = new Etcd(workplace);
    private final List<Member> members = new ArrayList<>();
    private final HaProxy proxy;

    /** Starts everything and makes an empty database. */
    Cluster() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::close)); // also if this constructor fails
        Path programs = programs();
        etcd.start();
        for (String name : List.of("one", "two", "three")) {
            members.add(new Member(name, etcd, programs, workplace));
        }
        members.forEach(Member::start);
        proxy = new HaProxy(members, workplace);
        awaitHealthy(Mode.SYNCHRONOUS);
        superuser(primary(), "postgres").useHandle(handle -> handle.execute("CREATE ROLE " + ROSTER + " LOGIN"));
        create(ROSTER);
    }

    /** The newest PostgreSQL of the machine. */
    private static Path programs() {
        Path versions = Path.of("/usr/lib/postgresql"); // of Debian and Ubuntu
        try (Stream<Path> found = Files.list(versions)) {
            return found.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.exists(bin.resolve("pg_rewind")))
                    .max(Comparator.comparingInt(bin ->
                            Integer.parseInt(bin.getName(bin.getNameCount() - 2).toString())))
                    .orElseThrow(() -> new IllegalStateException("There is no PostgreSQL in " + versions));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Etcd etcd() {
        return etcd;
    }

    List<Member> members() {
        return members;
    }

    HaProxy proxy() {
        return proxy;
    }

    List<Member> without(Member member) {
        return members.stream().filter(other -> other != member).toList();
    }

    /** A connection to a database that bypasses the service and the links. */
    static Jdbi superuser(Member member, String database) {
        return Jdbi.create(member.url(database), Member.SUPERUSER, Member.PASSWORD);
    }

    /** The machine whose Patroni says that it is the primary. */
    Member primary() {
        return findPrimary(members).orElseThrow(() -> new IllegalStateException("There is no primary: " + this));
    }

    private static Optional<Member> findPrimary(List<Member> among) {
        return among.stream().filter(member -> member.api().isPrimary()).findFirst();
    }

    /** Waits until another machine is the primary. */
    Member awaitPrimaryOtherThan(Member earlier) {
        List<Member> others = without(earlier);
        Poll.until("another primary than " + earlier.name(), PATIENCE, () -> findPrimary(others)
                .filter(Cluster::isWritable)
                .isPresent());
        return findPrimary(others).orElseThrow();
    }

    /** The standby for which commits wait. */
    Member synchronousStandby() {
        String name = primary().api().find("sync_standby").orElseThrow();
        return members.stream()
                .filter(member -> member.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Runs {@code patronictl switchover} from the primary to another machine, and waits until it has ended. */
    void switchover() {
        Member from = primary();
        Member to = synchronousStandby();
        workplace.run(List.of(
                "patronictl",
                "--config-file=" + from.settings(),
                "switchover",
                "--leader=" + from.name(),
                "--candidate=" + to.name(),
                "--force"));
    }

    /** The timeline of this machine's log. */
    static int timeline(Member primary) {
        return superuser(primary, "postgres").withHandle(handle -> handle.createQuery(
                        "SELECT ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int")
                .mapTo(Integer.class)
                .one());
    }

    /** Whether this machine answers and is not in recovery. */
    static boolean isWritable(Member member) {
        try {
            return superuser(member, "postgres")
                    .withHandle(handle -> handle.createQuery("SELECT NOT pg_is_in_recovery()")
                            .mapTo(Boolean.class)
                            .one());
        } catch (JdbiException e) {
            return false;
        }
    }

    /** The environment of a service on this cluster. */
    static Map<String, String> settings(Map<String, String> more) {
        return TestDatabase.variables(ROSTER, Member.PASSWORD, more);
    }

    /** Creates an empty database on the primary. */
    void create(String database) {
        superuser(primary(), "postgres")
                .useHandle(handle ->
                        handle.execute("CREATE DATABASE " + database + " OWNER " + ROSTER + " TEMPLATE template0"));
    }

    /** Changes settings of Patroni. */
    void set(Map<String, ?> settings) {
        primary().api().configure(settings);
    }

    /** Ends every fault of the machines that run. */
    void heal() {
        members.forEach(Member::heal);
    }

    /** Ends every fault, and waits until all machines replicate in this mode. */
    void heal(Mode mode) {
        if (!etcd.isRunning()) {
            etcd.start();
        }
        heal();
        members.stream().filter(member -> !member.isRunning()).forEach(Member::start);
        Poll.until("there is a primary", PATIENCE, () -> findPrimary(members).isPresent());
        set(mode.settings());
        set(Map.of("failsafe_mode", true));
        awaitHealthy(mode);
    }

    private void awaitHealthy(Mode mode) {
        try {
            Poll.until("all machines are well", PATIENCE, () -> findPrimary(members)
                    .filter(primary -> isHealthy(primary, mode))
                    .isPresent());
        } catch (AssertionError e) {
            throw new AssertionError(toString(), e); // with the logs of now
        }
    }

    private boolean isHealthy(Member primary, Mode mode) {
        long synchronous = mode.isSynchronous() ? 1 : 0;
        return count(primary, "state = 'streaming'") == members.size() - 1
                && count(primary, "sync_state = 'sync'") == synchronous
                && members.stream()
                        .allMatch(member -> member.api().count("sync_standby") == synchronous
                                && member.api().count("leader") == 1);
    }

    private static int count(Member primary, String condition) {
        try {
            return superuser(primary, "postgres")
                    .withHandle(handle -> handle.createQuery("SELECT count(*) FROM pg_stat_replication WHERE "
                                    + condition + " AND application_name IN ('one', 'two', 'three')")
                            .mapTo(Integer.class)
                            .one());
        } catch (JdbiException e) {
            return 0; // it is starting
        }
    }

    @Override
    public synchronized void close() {
        members.forEach(Member::kill);
        workplace.close();
    }

    @Override
    public String toString() {
        return members.stream().map(Member::toString).collect(Collectors.joining("\n"));
    }
}
