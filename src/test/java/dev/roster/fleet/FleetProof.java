package dev.roster.fleet;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs a fleet, injects faults into it, and prints a table of the results. Exits with 1 if something was wrong: a revoked
 * token was accepted, an acknowledged write was lost, or a request failed that must not fail. If something took too long,
 * the table says so; that exits with 1 only with {@code -Dfleet.strict=true}, because a busy machine can make any service
 * late, but not wrong.
 *
 * <p>{@code -Dfleet.length=long} measures as much as the table in {@code docs/fleet-proof.md}, in less than ten minutes;
 * {@code short}, the default, takes two minutes. {@code -Dfleet.only=LogoutLag} runs the experiments whose class names
 * contain this text.
 */
public final class FleetProof {
    private FleetProof() {}

    public static void main(String[] arguments) {
        endWithParent();
        Length length = Length.of(System.getProperty("fleet.length", "short"));
        List<Experiment> experiments = experiments(System.getProperty("fleet.only", ""));
        Table table = new Table();
        try (Fleet fleet = new Fleet()) {
            experiments.forEach(experiment -> table.add(experiment.title(), attempt(experiment, fleet, length)));
            System.out.println();
            System.out.println(table);
        }
        System.exit(table.proves(Boolean.getBoolean("fleet.strict")) ? 0 : 1);
    }

    /** A Maven that is killed takes this with it, and this the fleet. */
    private static void endWithParent() {
        ProcessHandle.current().parent().ifPresent(parent -> {
            var unused = parent.onExit().thenRun(() -> System.exit(1));
        });
    }

    private static List<Experiment> experiments(String only) {
        return Stream.of(
                        new StartTogether(),
                        new LogoutLag(),
                        new FeedFault(FaultyLink.CUT),
                        new FeedFault(FaultyLink.HALF_OPEN),
                        new OldRows(FaultyLink.CUT),
                        new OldRows(FaultyLink.HALF_OPEN),
                        new CutOff(FaultyLink.CUT),
                        new CutOff(FaultyLink.HALF_OPEN),
                        new PausedNode(),
                        new NodeCrashes(),
                        new DatabaseCrash(),
                        new DatabaseFreeze(false),
                        new DatabaseFreeze(true),
                        new ReplayPause(),
                        new ReplicaLoss(),
                        new SameAddress(),
                        new RollingRestart())
                .filter(experiment -> experiment.getClass().getSimpleName().contains(only))
                .toList();
    }

    private static List<Finding> attempt(Experiment experiment, Fleet fleet, Length length) {
        System.out.println("… " + experiment.title());
        long begun = System.nanoTime();
        try {
            fleet.heal();
            return experiment.run(fleet, length);
        } catch (Exception | AssertionError e) {
            e.printStackTrace();
            return List.of(Finding.right("it could not be done, see above", "done", false));
        } finally {
            System.out.println("  " + Durations.text(Duration.ofNanos(System.nanoTime() - begun)));
        }
    }
}
