package dev.roster.limit;

import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A try at the password of an account.
 *
 * @param account whose; of one that does not exist, by the address that was tried
 * @param network where it comes from
 */
public record Guess(String account, String network) {

    /** At the password of a user. */
    public static Guess at(UUID userId, @Nullable String ip) {
        return new Guess("user:" + userId, LimitKeys.network(ip));
    }

    /** At an e-mail address that nobody has. */
    public static Guess at(String email, @Nullable String ip) {
        return new Guess("email:" + email.strip().toLowerCase(Locale.ROOT), LimitKeys.network(ip));
    }

    String accountAndNetwork() {
        return account + " " + network;
    }
}
