package dev.roster.password;

import java.security.SecureRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.mindrot.jbcrypt.BCrypt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hashes and checks passwords with bcrypt. Every call costs a hash, some 300 ms at cost 12, so callers go through
 * {@link HashingPool}. Thread-safe.
 */
public final class PasswordHasher {
    private static final Logger LOGGER = LoggerFactory.getLogger(PasswordHasher.class);

    // Other libraries' names for the same algorithm, which jBCrypt does not know: $2b$ and $2y$ are read as $2a$.
    private static final Pattern HASH = Pattern.compile("\\$2[aby]\\$(0[4-9]|[12][0-9]|30)\\$([./A-Za-z0-9]{53})");

    private final int cost;
    private final SecureRandom random;
    private final String dummyHash;

    /** @param cost the binary logarithm of bcrypt's rounds, 4 to 30 */
    public PasswordHasher(int cost, SecureRandom random) {
        this.cost = cost;
        this.random = random;
        // No password's: nobody has computed one. To check against it takes as long, since bcrypt reads cost and salt
        // alone.
        this.dummyHash = BCrypt.gensalt(cost, random) + ".".repeat(31);
    }

    /** The hash of a password, with a salt of its own. */
    public String hash(NewPassword password) {
        return hash(password.password().text());
    }

    /** The same password's hash at today's cost, for one that {@link #isOutdated} tells of. */
    public String rehash(Password verified) {
        return hash(verified.text());
    }

    /**
     * Whether this is the password of the hash. Takes as long where there is no hash, an unreadable one, or a password
     * that none can have (ASVS 6.3.8).
     *
     * @param storedHash null where there is no such user
     */
    public boolean verify(Password password, @Nullable String storedHash) {
        // First, whoever it is: to look through a long one takes some time as well.
        boolean hashable = password.isHashable();
        String text = hashable ? password.text() : "";
        Matcher hash = HASH.matcher(storedHash == null ? dummyHash : storedHash);
        if (!hash.matches()) {
            LOGGER.error("A stored password hash is not a bcrypt hash: its user cannot log in");
            BCrypt.checkpw(text, dummyHash);
            return false;
        }
        boolean right = BCrypt.checkpw(text, "$2a$" + hash.group(1) + "$" + hash.group(2));
        if (!right) {
            spendTheDifference(Integer.parseInt(hash.group(1)));
        }
        return right && hashable && storedHash != null;
    }

    // A hash from before the cost rose is checked faster, which would tell that the address is known. Each cost takes
    // twice the time of the one before: this one's, and those from it up to today's, are together one of today's.
    private void spendTheDifference(int storedCost) {
        for (int each = storedCost; each < cost; each++) {
            String unused = BCrypt.hashpw("", BCrypt.gensalt(each, random));
        }
    }

    /** Whether a hash was made at a lower cost than today's, or under another name than this service gives it. */
    public boolean isOutdated(String storedHash) {
        Matcher hash = HASH.matcher(storedHash);
        return hash.matches() && (Integer.parseInt(hash.group(1)) < cost || !storedHash.startsWith("$2a$"));
    }

    private String hash(String text) {
        return BCrypt.hashpw(text, BCrypt.gensalt(cost, random));
    }
}
