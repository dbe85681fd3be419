package dev.roster.fleet;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * Starts a fleet, breaks it in the ways that fleets break, and prints a table of the findings. Exits with 1 if a
 * finding is wrong: the fleet accepted a revoked token, lost an acknowledged change, or failed a request that must
 * succeed. A finding that is only late is marked in the table, because a busy machine makes any service late; it leads
 * to exit code 1 only with {@code -Dfleet.strict=true}.
 *
 * <p>{@code -Dfleet.length=long} makes the full figures, in about fifteen minutes; {@code short}, the default, takes
 * about five. {@code -Dfleet.only=LogoutLag} runs the experiments whose class name contains this text.
 *
 * <p>The nodes sign with ES256, and with {@code -Dfleet.algorithm=HS256} as by default. Then there is no {@link
 * SilentVerifier}, because no other service can check a token.
 */
public final class FleetProof {
    private FleetProof() {}

    public static void main(String[] arguments) {
        endWithParent();
        Length length = Length.of(System.getProperty("fleet.length", "short"));
        List<Experiment> experiments = experiments(System.getProperty("fleet.only", ""));
        Table table = new Table();
        try (Fleet fleet = new Fleet(System.getProperty("fleet.algorithm", "ES256"))) {
            experiments.forEach(experiment -> table.add(experiment.title(), attempt(experiment, fleet, length)));
            System.out.println();
            System.out.println(table);
        }
        System.exit(table.proves(Boolean.getBoolean("fleet.strict")) ? 0 : 1);
    }

    /** Ends with Maven, even if Maven is killed, so that the fleet ends too. */
    public static void endWithParent() {
        ProcessHandle.current().parent().ifPresent(parent -> {
            var unused = parent.onExit().thenRun(() -> System.exit(1));
        });
    }

    private static List<Experiment> experiments(String only) {
        return Stream.of(
                        new StartTogether(),
                        new LogoutLag(),
                        RevokedKeys.withoutFault(),
                        RevokedKeys.during(FaultyLink.CUT),
                        RevokedKeys.during(FaultyLink.HALF_OPEN),
                        new DisabledPeople(),
                        new RevocationEvents(),
                        LostLinks.ofFeed(FaultyLink.CUT),
                        LostLinks.ofFeed(FaultyLink.HALF_OPEN),
                        new OldRows(FaultyLink.CUT),
                        new OldRows(FaultyLink.HALF_OPEN),
                        LostLinks.ofAll(FaultyLink.CUT),
                        LostLinks.ofAll(FaultyLink.HALF_OPEN),
                        new SilentVerifier(),
                        new PausedNode(),
                        new NodeCrashes(),
                        new MailsThroughCrashes(),
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
            return List.of(Finding.right("failed, see the stack trace above", "done", false));
        } finally {
            System.out.println("  " + Durations.text(Duration.ofNanos(System.nanoTime() - begun)));
        }
    }
}
