package dev.roster.password;

import dev.roster.refusal.InvalidValueException;
import java.text.Normalizer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which passwords people may choose (ASVS 5.0 section 6.2, NIST SP 800-63B section 3.1.1.2): long enough, whole within
 * what bcrypt reads, and not what an attacker tries first. There is no rule of composition. Thread-safe.
 */
public final class PasswordPolicy {
    private final int minimumLength;
    private final CommonPasswords commonPasswords;

    /** @param minimumLength in code points */
    public PasswordPolicy(int minimumLength, CommonPasswords commonPasswords) {
        this.minimumLength = minimumLength;
        this.commonPasswords = commonPasswords;
    }

    /** @throws InvalidValueException where nobody may choose this password */
    public NewPassword parse(String text) {
        Password password = new Password(text);
        if (!password.isWellFormed()) {
            throw new InvalidValueException("must be well-formed Unicode");
        }
        if (password.text().indexOf('\0') >= 0) {
            throw new InvalidValueException("must not contain U+0000");
        }
        if (password.lengthInCodePoints() < minimumLength) {
            throw new InvalidValueException("must be at least " + minimumLength + " characters");
        }
        if (password.lengthInBytes() > Password.MAX_BYTES) {
            throw new InvalidValueException("must be at most " + Password.MAX_BYTES + " bytes in UTF-8");
        }
        if (commonPasswords.contains(password)) {
            throw new InvalidValueException("must not be a common password, word or name");
        }
        return new NewPassword(password);
    }

    /**
     * What is wrong with the password of a person of this name and e-mail address, or null where nothing is.
     */
    public @Nullable String objection(NewPassword password, String name, String email) {
        String text = fold(password.password().text());
        return text.equals(fold(name)) || text.equals(fold(email)) ? "must not be the name or e-mail address" : null;
    }

    private static String fold(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    }
}
