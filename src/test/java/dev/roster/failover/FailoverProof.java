package dev.roster.failover;

import dev.roster.fleet.Durations;
import dev.roster.fleet.Finding;
import dev.roster.fleet.FleetProof;
import dev.roster.fleet.Table;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * Starts three machines with Patroni and PostgreSQL, and three nodes, takes the primary away in the ways that primaries
 * are lost, and prints a table of the findings. Needs Debian's packages {@code patroni}, {@code etcd-server},
 * {@code haproxy} and {@code postgresql}. Exits with 1 if a finding is wrong: an acknowledged write was lost, a revoked
 * token was accepted, a request got 500. A finding that is only late is marked in the table; it leads to exit code 1
 * only with {@code -Dfailover.strict=true}.
 *
 * <p>{@code -Dfailover.length=long} makes the full figures; {@code short}, the default, takes about five minutes.
 * {@code -Dfailover.only=Kills} runs the experiments whose class name contains this text.
 */
public final class FailoverProof {
    private FailoverProof() {}

    public static void main(String[] arguments) {
        FleetProof.endWithParent();
        Length length = Length.of(System.getProperty("failover.length", "short"));
        List<Experiment> experiments = experiments(System.getProperty("failover.only", ""));
        Table table = new Table();
        long begun = System.nanoTime();
        try (Installation installation = new Installation()) {
            System.out.println("started in " + since(begun));
            experiments.forEach(experiment -> table.add(experiment.title(), attempt(experiment, installation, length)));
            System.out.println();
            System.out.println(table);
        }
        System.out.println("took " + since(begun));
        System.exit(table.proves(Boolean.getBoolean("failover.strict")) ? 0 : 1);
    }

    private static List<Experiment> experiments(String only) {
        return Stream.of(
                        new Switchovers(),
                        new ShellCommands(),
                        Kills.synchronous(),
                        Kills.asynchronous(),
                        new TwoPrimaries(),
                        new CutOff(),
                        new FrozenPrimary(),
                        new StoreOutage(true),
                        new StoreOutage(false),
                        new StandbyLoss())
                .filter(experiment -> experiment.getClass().getSimpleName().contains(only))
                .toList();
    }

    private static List<Finding> attempt(Experiment experiment, Installation installation, Length length) {
        System.out.println("… " + experiment.title());
        long begun = System.nanoTime();
        try {
            return experiment.run(installation, length);
        } catch (Exception | AssertionError e) {
            e.printStackTrace();
            return List.of(Finding.right("failed, see the stack trace above", "done", false));
        } finally {
            System.out.println("  " + since(begun));
        }
    }

    private static String since(long begun) {
        return Durations.text(Duration.ofNanos(System.nanoTime() - begun));
    }
}
