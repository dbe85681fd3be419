package dev.roster.fleet;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs a fleet, does to it what happens to fleets, and prints one table of what came of it. Ends with 1 where something is
 * wrong: a revoked token accepted, something acknowledged lost, a request failed that must not. Where something took longer
 * than it should, the table says so, and that ends with 1 only where {@code -Dfleet.strict=true} asks for it: a machine that
 * has other things to do can make any service late, and none wrong.
 *
 * <p>{@code -Dfleet.length=long} does as much as the README's table says, in less than ten minutes; {@code short}, the default,
 * takes two minutes. {@code -Dfleet.only=LogoutLag} runs what has this in the name of its class.
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
