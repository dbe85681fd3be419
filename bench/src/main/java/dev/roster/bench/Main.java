package dev.roster.bench;

import com.code_intelligence.jazzer.Jazzer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs what {@code -Dbench} names. {@code load}, {@code flood} and {@code slow} measure the jar that {@code mvn package
 * -DskipTests} builds; the others need no jar.
 *
 * <ul>
 *   <li>{@code jmh}, the default: the JMH benchmarks; {@code -Djmh.args="VerifyToken -f 1"} passes arguments to JMH
 *   <li>{@code load}: {@link LoadBenchmark}; {@code -Dload.users}, {@code -Dload.warm}, {@code -Dload.cost}, {@code
 *       -Dload.only}, {@code -Dload.algorithms}
 *   <li>{@code flood}: {@link FloodBenchmark}; {@code -Dflood.cost}, {@code -Dflood.warm}
 *   <li>{@code slow}: {@link SlowClientsBenchmark}
 *   <li>{@code scale}: {@link ScaleBenchmark}
 *   <li>{@code audit}: {@link AuditBenchmark}
 *   <li>{@code timing}: {@link LoginTimingBenchmark}; {@code -Dtiming.tries}
 *   <li>{@code mail-timing}: {@link MailTimingBenchmark}; {@code -Dtiming.tries}
 *   <li>{@code fuzz}: Jazzer on the fuzz test that {@code -Dfuzz.target} names, for {@code -Dfuzz.seconds}. A finding
 *       ends the run, and {@code bench/target/} has the input.
 * </ul>
 */
public final class Main {
    static final String ROSTER_JAR = "target/roster.jar";

    /** Lets hashing threads have a lower priority, as in the image. */
    private static final List<String> PRIORITIES = List.of("-XX:ThreadPriorityPolicy=1", "-XX:-PrintWarnings");

    private static final String[] NONE = {};

    private Main() {}

    public static void main(String[] arguments) throws Exception {
        String name = arguments[0];
        if (List.of("load", "flood", "slow").contains(name) && !Files.exists(Path.of(ROSTER_JAR))) {
            throw new IllegalStateException(ROSTER_JAR + " is missing: run mvn package -DskipTests");
        }
        switch (name) {
            case "jmh" -> org.openjdk.jmh.Main.main(words(System.getProperty("jmh.args", "")));
            case "load" -> LoadBenchmark.main(NONE);
            case "flood" -> FloodBenchmark.main(NONE);
            case "slow" -> SlowClientsBenchmark.main(NONE);
            case "scale" -> ScaleBenchmark.main(NONE);
            case "audit" -> AuditBenchmark.main(NONE);
            case "timing" -> LoginTimingBenchmark.main(NONE);
            case "mail-timing" -> MailTimingBenchmark.main(NONE);
            case "fuzz" -> fuzz();
            default -> throw new IllegalArgumentException("Not a benchmark: " + name);
        }
    }

    /** The arguments of a JVM that serves this jar, warmed up as in production, with these options. */
    static List<String> program(String jar, String... options) {
        return Stream.of(
                        Stream.of("-XX:TieredStopAtLevel=4"),
                        PRIORITIES.stream(),
                        Stream.of(options),
                        Stream.of("-jar", jar))
                .flatMap(part -> part)
                .toList();
    }

    private static void fuzz() throws Exception {
        Jazzer.main(new String[] {
            "--target_class=" + System.getProperty("fuzz.target"),
            "--instrumentation_includes=dev.roster.**:com.fasterxml.jackson.core.**:org.jose4j.**",
            "--custom_hook_includes=dev.roster.**:com.fasterxml.jackson.**:org.jose4j.**",
            "--reproducer_path=bench/target",
            "-artifact_prefix=bench/target/",
            "-max_total_time=" + System.getProperty("fuzz.seconds"),
            "-max_len=4096"
        });
    }

    private static String[] words(String text) {
        return text.isBlank() ? NONE : text.strip().split("\\s+");
    }
}
