package dev.roster.password;

import com.nulabinc.zxcvbn.StandardDictionaries;
import com.nulabinc.zxcvbn.matchers.Dictionary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The passwords that attackers try first: the lists of the zxcvbn library (nulab/zxcvbn4j, MIT licence), which hold
 * 30,000 common passwords, and English words and names. Ignores case. Thread-safe.
 */
public final class CommonPasswords {
    private final Set<String> passwords;

    private CommonPasswords(Set<String> passwords) {
        this.passwords = passwords;
    }

    /**
     * Loads the lists. This is slow: call it in the background.
     *
     * @param minimumLength in characters; shorter entries are left out, since the policy refuses them anyway
     * @throws UncheckedIOException if the lists cannot be read
     */
    public static CommonPasswords load(int minimumLength) {
        List<Dictionary> dictionaries;
        try {
            dictionaries = StandardDictionaries.loadAllDictionaries();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Set<String> passwords = new HashSet<>();
        for (Dictionary dictionary : dictionaries) {
            for (String entry : dictionary.getFrequencies()) {
                if (entry.length() >= minimumLength) {
                    passwords.add(new Password(entry).folded());
                }
            }
        }
        return new CommonPasswords(Set.copyOf(passwords));
    }

    boolean contains(Password password) {
        return passwords.contains(password.folded());
    }
}
