package dev.roster.password;

import dev.roster.refusal.ErrorCode;
import dev.roster.refusal.InvalidValueException;
import dev.roster.refusal.Reason;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which passwords people may choose (ASVS 5.0 section 6.2, NIST SP 800-63B section 3.1.1.2): long enough, not longer
 * than bcrypt reads, and not among those that attackers try first. There are no composition rules. Thread-safe.
 */
public final class PasswordPolicy {
    private final int minimumLength;
    private final Supplier<CommonPasswords> commonPasswords;

    /**
     * @param minimumLength in code points
     * @param commonPasswords called for each password, so it must be memoized
     */
    public PasswordPolicy(int minimumLength, Supplier<CommonPasswords> commonPasswords) {
        this.minimumLength = minimumLength;
        this.commonPasswords = commonPasswords;
    }

    /** In code points. */
    public int minimumLength() {
        return minimumLength;
    }

    /** @throws InvalidValueException if the policy refuses the password; its reason names the rule */
    public NewPassword parse(String text) {
        Password password = new Password(text);
        if (!password.isWellFormed()) {
            throw new InvalidValueException(ErrorCode.MALFORMED_UNICODE, "must be well-formed Unicode");
        }
        if (password.text().indexOf('\0') >= 0) {
            throw new InvalidValueException(ErrorCode.NULL_CHARACTER, "must not contain U+0000");
        }
        if (password.lengthInCodePoints() < minimumLength) {
            throw new InvalidValueException(
                    ErrorCode.TOO_SHORT, "must be at least " + minimumLength + " characters", minimumLength);
        }
        if (password.lengthInBytes() > Password.MAX_BYTES) {
            throw new InvalidValueException(
                    ErrorCode.TOO_MANY_BYTES,
                    "must be at most " + Password.MAX_BYTES + " bytes in UTF-8",
                    Password.MAX_BYTES);
        }
        if (commonPasswords.get().contains(password)) {
            throw new InvalidValueException(ErrorCode.COMMON_PASSWORD, "must not be a common password, word or name");
        }
        return new NewPassword(password);
    }

    /** Why a person with this name and e-mail address may not choose the password; null if they may. */
    public @Nullable Reason objection(NewPassword password, String name, String email) {
        String text = password.password().folded();
        return Stream.of(name, email).anyMatch(own -> text.equals(new Password(own).folded()))
                ? Reason.of(ErrorCode.PERSONAL_PASSWORD, "must not be the name or e-mail address")
                : null;
    }
}
