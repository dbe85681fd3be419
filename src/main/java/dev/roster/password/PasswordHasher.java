package dev.roster.password;

import java.security.SecureRandom;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.mindrot.jbcrypt.BCrypt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hashes and verifies passwords with bcrypt. A hash takes about 300 ms at cost 12. So the methods named after a noun
 * only prepare it: what they return runs bcrypt and nothing else, and is for the threads of {@link
 * PasswordConfiguration#hashingPool}. Thread-safe.
 */
public final class PasswordHasher {
    private static final Logger LOGGER = LoggerFactory.getLogger(PasswordHasher.class);

    // Other libraries' prefixes $2b$ and $2y$ mean the same algorithm. jBCrypt rejects them, so they are read as $2a$.
    private static final Pattern HASH = Pattern.compile("\\$2[aby]\\$(0[4-9]|[12][0-9]|30)\\$([./A-Za-z0-9]{53})");

    private final int cost;
    private final SecureRandom random;
    private final String dummySalt;
    private final String dummyHash;

    /** @param cost the binary logarithm of the number of rounds, 4 to 30 */
    public PasswordHasher(int cost, SecureRandom random) {
        this.cost = cost;
        this.random = random;
        // The hash of no known password. Verifying against it takes as long, since bcrypt reads only the cost and salt.
        String salt = BCrypt.gensalt(cost, random);
        this.dummySalt = salt.substring(salt.lastIndexOf('$') + 1);
        this.dummyHash = salt + ".".repeat(31);
    }

    /** Hashes a password with a new salt. */
    public String hash(NewPassword password) {
        return newHash(password).get();
    }

    /** Prepares the hash of a password with a new salt. */
    public Supplier<String> newHash(NewPassword password) {
        return newHash(password.password().text());
    }

    /** Prepares a new hash of a password that was verified, to replace a hash that is outdated. */
    public Supplier<String> renewedHash(Password verified) {
        return newHash(verified.text());
    }

    /** Whether the password matches the hash; see {@link #verification}. */
    public boolean verify(Password password, @Nullable String storedHash) {
        return verification(password, storedHash).getAsBoolean();
    }

    /**
     * Prepares to find out whether the password matches the hash. That takes equally long if there is no hash, if it is
     * malformed, or if no user can have the password (ASVS 6.3.8).
     *
     * @param storedHash null if there is no such user
     */
    public BooleanSupplier verification(Password password, @Nullable String storedHash) {
        // Do this for every user: checking a long password takes time as well.
        boolean isHashable = password.isHashable();
        String text = isHashable ? password.text() : "";
        Matcher hash = HASH.matcher(storedHash == null ? dummyHash : storedHash);
        if (!hash.matches()) {
            LOGGER.error("A stored password hash is not a bcrypt hash: its user cannot log in");
            return () -> {
                boolean unused = BCrypt.checkpw(text, dummyHash);
                return false;
            };
        }
        int storedCost = Integer.parseInt(hash.group(1));
        String readable = "$2a$" + hash.group(1) + "$" + hash.group(2);
        boolean canMatch = isHashable && storedHash != null;
        return () -> {
            boolean isRight = BCrypt.checkpw(text, readable);
            if (!isRight) {
                makeUpForLowerCost(storedCost);
            }
            return isRight && canMatch;
        };
    }

    // A hash of a lower cost is verified faster, which would reveal that the user exists. Each cost takes twice as long
    // as the one below. So the verification and one hash of each cost below the current one, down to the stored one,
    // together take as long as a hash of the current cost.
    private void makeUpForLowerCost(int storedCost) {
        for (int each = storedCost; each < cost; each++) {
            String unused = BCrypt.hashpw("", String.format(Locale.ROOT, "$2a$%02d$", each) + dummySalt);
        }
    }

    /** Whether a hash has a lower cost than the current one, or another prefix than {@code $2a$}. */
    public boolean isOutdated(String storedHash) {
        Matcher hash = HASH.matcher(storedHash);
        return hash.matches() && (Integer.parseInt(hash.group(1)) < cost || !storedHash.startsWith("$2a$"));
    }

    // The generator of salts has a lock, so it is not called on the threads that hash.
    private Supplier<String> newHash(String text) {
        String salt = BCrypt.gensalt(cost, random);
        return () -> BCrypt.hashpw(text, salt);
    }
}
