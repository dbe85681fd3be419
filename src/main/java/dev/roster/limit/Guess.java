package dev.roster.limit;

import dev.roster.user.EmailAddress;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A try at the password of an account.
 *
 * @param account whose, whether or not there is one
 * @param network where it comes from, as limits count it
 * @param client whose turn it is, among those who wait
 */
public record Guess(String account, String network, String client) {

    /** By the address that somebody has, or nobody: so that none is limited other than the other. */
    public static Guess at(EmailAddress email, @Nullable String ip) {
        return new Guess(
                "email:" + email.value().toLowerCase(Locale.ROOT), LimitKeys.network(ip), LimitKeys.network(ip));
    }

    /** At what is no address: kept apart from all that are, however much it looks like one. */
    public static Guess atText(String text, @Nullable String ip) {
        return new Guess("text:" + text, LimitKeys.network(ip), LimitKeys.network(ip));
    }

    /** Of somebody who is logged in: from whatever addresses, since whoever has stolen a token has many. */
    public static Guess at(UUID userId, @Nullable UUID sessionId, @Nullable String ip) {
        return new Guess("user:" + userId, "session:" + sessionId, LimitKeys.network(ip));
    }

    String accountAndNetwork() {
        return account + " " + network;
    }
}
