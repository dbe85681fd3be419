package dev.roster.bench;

import dev.roster.password.Password;
import dev.roster.password.PasswordHasher;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import org.mindrot.jbcrypt.BCrypt;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Compares the password check of a login with jBCrypt alone. Uses cost 10: only the difference matters. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 3)
@Fork(2)
public class HashPasswordBenchmark {
    private static final String TEXT = "Correct-Horse-9";
    private static final int COST = 10;

    private final PasswordHasher hasher = new PasswordHasher(COST, new SecureRandom());
    private final Password password = new Password(TEXT);
    private final String hash = BCrypt.hashpw(TEXT, BCrypt.gensalt(COST));

    @Benchmark
    public boolean verify() {
        return hasher.verify(password, hash);
    }

    @Benchmark
    public boolean verifyUnknownUser() {
        return hasher.verify(password, null);
    }

    @Benchmark
    public boolean bcryptAlone() {
        return BCrypt.checkpw(TEXT, hash);
    }
}
