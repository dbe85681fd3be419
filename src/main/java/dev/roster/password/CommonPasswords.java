package dev.roster.password;

import com.nulabinc.zxcvbn.StandardDictionaries;
import com.nulabinc.zxcvbn.matchers.Dictionary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The passwords that everybody's list of guesses begins with: zxcvbn's 30,000 most common ones, and its English words
 * and names, which stand on lists of their own there (nulab/zxcvbn4j, MIT licence). Compared without regard to case.
 * Thread-safe.
 */
public final class CommonPasswords {
    private final Set<String> passwords;

    private CommonPasswords(Set<String> passwords) {
        this.passwords = passwords;
    }

    /**
     * Loads the lists.
     *
     * @param minimumLength in characters; shorter entries are left out, since the policy refuses them anyhow
     * @throws UncheckedIOException where the library's lists cannot be read
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
                    passwords.add(entry.toLowerCase(Locale.ROOT));
                }
            }
        }
        return new CommonPasswords(Set.copyOf(passwords));
    }

    boolean contains(Password password) {
        return passwords.contains(password.text().toLowerCase(Locale.ROOT));
    }
}
