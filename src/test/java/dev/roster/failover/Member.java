package dev.roster.failover;

import dev.roster.support.Poll;
import dev.roster.support.fault.Link;
import dev.roster.support.process.Ports;
import dev.roster.support.process.Signals;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One machine of the cluster: Patroni and the PostgreSQL that it runs. The other machines and etcd are reached through
 * links of its own, which can be cut. Keeps its ports.
 */
final class Member {
    static final String SUPERUSER = "postgres";
    static final String PASSWORD = "unused";

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String name;
    private final int port = Ports.free();
    private final int restPort = Ports.free();
    private final Path data;
    private final Path settings;
    private final Daemon patroni;
    private final PatroniApi api = new PatroniApi(URI.create("http://127.0.0.1:" + restPort));
    private final Link replication;
    private final Link rest;
    private final Link etcd;
    private boolean isFaulty;

    Member(String name, Etcd store, Path programs, Workplace workplace) {
        this.name = name;
        data = workplace.file(name);
        replication = Link.to("http://127.0.0.1:" + port);
        rest = Link.to("http://127.0.0.1:" + restPort);
        etcd = Link.to(store.url());
        settings = workplace.write(name + ".yml", settings(programs, workplace));
        patroni = workplace.daemon(name, List.of("patroni", settings.toString()));
    }

    /**
     * The settings that {@code docs/failover.md} advises. There is no watchdog device here. A standby takes over with
     * up to 64 MB missing, so that the proof sees what is lost. Version 2 of etcd's interface: with version 3, Patroni
     * 3.0.2 writes its name over that of the next primary when it goes on after a pause (patroni#2689).
     */
    private String settings(Path programs, Workplace workplace) {
        return """
                scope: roster
                name: %s
                restapi:
                  listen: 127.0.0.1:%d
                  connect_address: %s
                etcd:
                  hosts: %s
                  use_proxies: true
                bootstrap:
                  dcs:
                    ttl: 20
                    loop_wait: 2
                    retry_timeout: 3
                    primary_start_timeout: 5
                    maximum_lag_on_failover: 67108864
                    synchronous_mode: true
                    failsafe_mode: true
                    postgresql:
                      use_pg_rewind: true
                      parameters:
                        max_connections: 300
                        wal_keep_size: 512MB
                  initdb:
                    - encoding: UTF8
                    - locale: C.UTF-8
                    - data-checksums
                postgresql:
                  listen: 127.0.0.1:%d
                  connect_address: %s
                  data_dir: %s
                  bin_dir: %s
                  pgpass: %s
                  authentication:
                    superuser: {username: postgres, password: unused}
                    replication: {username: replicator, password: unused}
                  parameters:
                    unix_socket_directories: '%s'
                    wal_retrieve_retry_interval: 500ms
                  basebackup:
                    checkpoint: fast
                  pg_hba:
                    - local all all trust
                    - host all all 127.0.0.1/32 trust
                    - host replication all 127.0.0.1/32 trust
                watchdog:
                  mode: 'off'
                """.formatted(
                        name,
                        restPort,
                        authority(rest),
                        authority(etcd),
                        port,
                        authority(replication),
                        data,
                        programs,
                        workplace.file(name + ".pgpass"),
                        workplace.file(""));
    }

    private static String authority(Link link) {
        return link.url().replace("http://", "");
    }

    String name() {
        return name;
    }

    Path settings() {
        return settings;
    }

    /** The REST interface of this machine's Patroni, not through a link. */
    PatroniApi api() {
        return api;
    }

    /** The address of a database, not through a link. */
    String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    /** Starts Patroni, which starts PostgreSQL. */
    void start() {
        patroni.start();
    }

    boolean isRunning() {
        return patroni.isRunning();
    }

    /** Kills Patroni and every process of PostgreSQL with {@code kill -9}, as a machine that loses its power. */
    void kill() {
        patroni.kill();
        List<ProcessHandle> all = postgres().toList();
        Signals.send("KILL", all.stream());
        Poll.until("PostgreSQL has ended", PATIENCE, () -> all.stream().noneMatch(ProcessHandle::isAlive));
    }

    /** Suspends Patroni alone. PostgreSQL goes on as it is. */
    void freezePatroni() {
        patroni.signal("STOP");
    }

    /** Suspends every process of PostgreSQL. */
    void freezePostgres() {
        Signals.send("STOP", postgres());
    }

    /** Ends {@link #freezePostgres}. */
    void thawPostgres() {
        Signals.send("CONT", postgres());
    }

    /** Keeps what is written from now on from the standbys. */
    void holdBack() {
        replication.halfOpen();
        isFaulty = true;
    }

    /** Cuts this machine off from the others and from etcd. What the links carried hangs. */
    void isolate() {
        List.of(replication, rest, etcd).forEach(Link::halfOpen);
        isFaulty = true;
    }

    /** Ends every fault, except for processes that have ended. */
    void heal() {
        thawPostgres();
        patroni.signal("CONT");
        if (isFaulty) {
            List.of(replication, rest, etcd).forEach(Member::restore);
            isFaulty = false;
        }
    }

    /** Ends the faults of a link, so that nothing that it holds arrives late. */
    static void restore(Link link) {
        link.cut();
        link.restore();
    }

    private Stream<ProcessHandle> postgres() {
        return postmaster().stream()
                .flatMap(postmaster -> Stream.concat(Stream.of(postmaster), postmaster.descendants()));
    }

    private Optional<ProcessHandle> postmaster() {
        Path file = data.resolve("postmaster.pid");
        try {
            return Files.exists(file)
                    ? ProcessHandle.of(Long.parseLong(
                                    Files.readAllLines(file).get(0).strip()))
                            .filter(Member::isPostgres)
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A process id in the file of a server that was killed may be another program's by now. */
    private static boolean isPostgres(ProcessHandle process) {
        return process.info().command().orElse("").endsWith("/postgres");
    }

    @Override
    public String toString() {
        return name + ": " + patroni;
    }
}
