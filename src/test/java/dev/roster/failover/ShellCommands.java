package dev.roster.failover;

import dev.roster.fleet.Finding;
import dev.roster.fleet.Loops;
import dev.roster.support.Poll;
import dev.roster.support.http.Api;
import dev.roster.support.process.RosterProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.JdbiException;

/** An operator migrates a database and ends sessions at a shell while the primary changes. */
final class ShellCommands implements Experiment {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** How far apart the commands start. */
    private static final Duration STEP = Duration.ofMillis(700);

    /** How long a node may take to hear of a session that a shell ended. */
    private static final Duration LAG = Duration.ofSeconds(1);

    private final List<String> wrong = new ArrayList<>();

    @Override
    public String title() {
        return "db migrate and end-sessions at a shell during a switchover";
    }

    @Override
    public List<Finding> run(Installation installation, Length length) throws Exception {
        installation.heal(Mode.SYNCHRONOUS);
        Node node = installation.a();
        String database = "migrated";
        installation.cluster().create(database);
        List<Api.TestUser> people = new ArrayList<>();
        List<RosterProcess> commands = new ArrayList<>();
        for (int i = 0; i < length.commands(); i++) {
            people.add(node.api().newUser());
        }
        RosterProcess migration = node.commandOn(database, "db", "migrate", "config.yml");
        Member before = installation.cluster().primary();
        Poll.until("the migration has begun", PATIENCE, () -> hasBegun(before, database));
        Thread switching = new Thread(installation.cluster()::switchover);
        switching.start();
        for (Api.TestUser person : people) {
            commands.add(node.command("end-sessions", "config.yml", person.email()));
            Loops.pause(STEP);
        }
        switching.join(PATIENCE.toMillis());
        boolean migrated = ended("db migrate", migration);
        List<Boolean> succeeded =
                commands.stream().map(command -> ended("end-sessions", command)).toList();
        Loops.pause(LAG);
        for (int i = 0; i < commands.size(); i++) {
            Api.TestUser person = people.get(i);
            boolean accepted = node.api().get(person.path(), person.token()).status() == 200;
            int events = events(installation.cluster().primary(), person);
            if ((succeeded.get(i) && (accepted || events != 1)) || events > 1) {
                wrong.add("end-sessions: succeeded: " + succeeded.get(i) + ", token accepted: " + accepted
                        + ", audit events: " + events);
            }
        }
        installation.heal(Mode.SYNCHRONOUS);
        try (RosterProcess again = node.commandOn(database, "db", "migrate", "config.yml")) {
            if (again.exitCode() != 0) {
                wrong.add("db migrate does not work afterwards: " + again);
            }
        }
        long done = succeeded.stream().filter(success -> success).count();
        return List.of(
                Finding.figure("db migrate: " + (migrated ? "done" : "exit 1") + "; end-sessions: " + done + " done, "
                        + (commands.size() - done) + " exit 1"),
                Finding.none("other outcomes", wrong));
    }

    private static boolean hasBegun(Member primary, String database) {
        try {
            return Cluster.superuser(primary, database).withHandle(handle -> handle.createQuery(
                            "SELECT EXISTS (SELECT FROM pg_tables WHERE tablename = 'databasechangelog')")
                    .mapTo(Boolean.class)
                    .one());
        } catch (JdbiException e) {
            return false;
        }
    }

    private static int events(Member primary, Api.TestUser person) {
        return Cluster.superuser(primary, Cluster.ROSTER).withHandle(handle -> handle.createQuery("""
                        SELECT count(*) FROM audit_events WHERE type = 'session_ended' AND target_id = :id
                        """)
                .bind("id", person.id())
                .mapTo(Integer.class)
                .one());
    }

    private boolean ended(String what, RosterProcess command) {
        try (command) {
            int code = command.exitCode();
            String errors = command.errors().strip();
            if (code != 0 && (code != 1 || errors.lines().count() != 1)) {
                wrong.add(what + " exits with " + code + ": " + errors);
            }
            return code == 0;
        }
    }
}
