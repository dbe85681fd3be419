package dev.roster.password;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mindrot.jbcrypt.BCrypt;

class PasswordHasherTest {
    private static final String TEXT = "Correct-Horse-9";
    private static final Password PASSWORD = new Password(TEXT);

    private final PasswordHasher hasher = new PasswordHasher(5, new SecureRandom());

    /** A6 */
    @Test
    void everyHashHasANewSalt() {
        NewPassword password = new NewPassword(PASSWORD);
        String first = hasher.hash(password);
        String second = hasher.hash(password);

        assertThat(first).startsWith("$2a$05$").hasSize(60).isNotEqualTo(second);
        assertThat(hasher.verify(PASSWORD, first)).isTrue();
        assertThat(hasher.verify(PASSWORD, second)).isTrue();
        assertThat(hasher.verify(new Password("correct-horse-9"), first)).isFalse();
    }

    /** A4 */
    @Test
    void differentPasswordsDoNotMatch() {
        List<String> possible = List.of("", "x", "xx", "null", "x?", "?", "X", " x");
        List<String> impossible = List.of("x\0x", "x\0", "\0", "x\ud800", "x\udc00", "\ud800");
        for (String stored : possible) {
            String hash = BCrypt.hashpw(stored, BCrypt.gensalt(4));
            for (String typed : possible) {
                assertThat(hasher.verify(new Password(typed), hash))
                        .as("%s typed for %s", typed, stored)
                        .isEqualTo(typed.equals(stored));
            }
            assertThat(impossible).noneMatch(typed -> hasher.verify(new Password(typed), hash));
        }
    }

    /** A3 */
    @Test
    void passwordsLongerThanBcryptReadsDoNotMatch() {
        String hash = BCrypt.hashpw("q".repeat(72), BCrypt.gensalt(4));

        assertThat(hasher.verify(new Password("q".repeat(72)), hash)).isTrue();
        assertThat(hasher.verify(new Password("q".repeat(73)), hash)).isFalse();
        assertThat(hasher.verify(new Password("q".repeat(72) + "x".repeat(16_000)), hash))
                .isFalse();
    }

    /** A6 */
    @ParameterizedTest
    @ValueSource(strings = {"$2a$", "$2b$", "$2y$"})
    void verifiesAllPrefixesOfBcrypt(String name) {
        String hash = BCrypt.hashpw(TEXT, BCrypt.gensalt(5)).replace("$2a$", name);

        assertThat(hasher.verify(PASSWORD, hash)).isTrue();
        assertThat(hasher.verify(new Password("wrong"), hash)).isFalse();
        assertThat(hasher.isOutdated(hash)).isEqualTo(!name.equals("$2a$"));
    }

    /** A6 */
    @Test
    void hashesOfALowerCostAreOutdated() {
        assertThat(hasher.isOutdated(BCrypt.hashpw(TEXT, BCrypt.gensalt(4)))).isTrue();
        assertThat(hasher.isOutdated(BCrypt.hashpw(TEXT, BCrypt.gensalt(5)))).isFalse();
        assertThat(hasher.isOutdated(BCrypt.hashpw(TEXT, BCrypt.gensalt(6)))).isFalse();
        assertThat(hasher.renewedHash(PASSWORD).get()).startsWith("$2a$05$");
    }

    /** A6 */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "$2a$",
                "$2a$05$",
                "$2a$05$KbQiXY0c8JzWvLQ0hXnU8u",
                "$2a$05$KbQiXY0c8JzWvLQ0hXnU8uX7mY1TPnGmR8lOoVqzYtJ0b2vW5cDe",
                "$2x$05$KbQiXY0c8JzWvLQ0hXnU8uX7mY1TPnGmR8lOoVqzYtJ0b2vW5cDe.",
                "$2a$31$KbQiXY0c8JzWvLQ0hXnU8uX7mY1TPnGmR8lOoVqzYtJ0b2vW5cDe.",
                "$2a$03$KbQiXY0c8JzWvLQ0hXnU8uX7mY1TPnGmR8lOoVqzYtJ0b2vW5cDe.",
                "$2a$5$KbQiXY0c8JzWvLQ0hXnU8uX7mY1TPnGmR8lOoVqzYtJ0b2vW5cDe.",
                "$2a$05$KbQiXY0c8JzWvLQ0hXnU8u!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!",
                "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$x",
                "5f4dcc3b5aa765d61d8327deb882cf99",
                TEXT
            })
    void nothingMatchesAMalformedHash(String hash) {
        assertThat(hasher.verify(PASSWORD, hash)).isFalse();
        assertThat(hasher.verify(new Password(""), hash)).isFalse();
        assertThat(hasher.isOutdated(hash)).isFalse();
    }

    @Test
    void nothingMatchesAMissingHash() {
        assertThat(hasher.verify(PASSWORD, null)).isFalse();
        assertThat(hasher.verify(new Password(""), null)).isFalse();
    }

    /**
     * E1: each call hashes, so that all take the same time. Measured by memory: bcrypt allocates 4 KiB for each hash.
     */
    @Test
    void everyVerificationComputesAHash() {
        String hash = BCrypt.hashpw(TEXT, BCrypt.gensalt(5));

        assertThat(List.of(
                        allocatedBy(() -> hasher.verify(PASSWORD, hash)),
                        allocatedBy(() -> hasher.verify(new Password("wrong"), hash)),
                        allocatedBy(() -> hasher.verify(PASSWORD, null)),
                        allocatedBy(() -> hasher.verify(new Password(""), null)),
                        allocatedBy(() -> hasher.verify(new Password(""), hash)),
                        allocatedBy(() -> hasher.verify(new Password("x\0x"), hash)),
                        allocatedBy(() -> hasher.verify(new Password("q".repeat(73)), hash)),
                        allocatedBy(() -> hasher.verify(new Password("q".repeat(73)), null)),
                        allocatedBy(() -> hasher.verify(PASSWORD, "broken"))))
                .allMatch(bytes -> bytes >= 4096);
        assertThat(allocatedBy(() -> hasher.isOutdated(hash))).isLessThan(4096);
    }

    private static long allocatedBy(Runnable action) {
        action.run();
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = thread.getCurrentThreadAllocatedBytes();
        action.run();
        return thread.getCurrentThreadAllocatedBytes() - before;
    }
}
