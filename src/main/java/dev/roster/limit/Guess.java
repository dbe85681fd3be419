package dev.roster.limit;

import dev.roster.http.connection.IpAddress;
import dev.roster.user.EmailAddress;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An attempt at the password of an account.
 *
 * @param account what identifies the account, whether or not it exists
 * @param source where it comes from: a client network, or the session of a logged-in user
 * @param client the client network, whose share of the hashing pool it uses
 * @param owner the user whose networks are remembered; null if the account does not exist, or the source is a session
 */
public record Guess(
        String account,
        String source,
        String client,
        @Nullable UUID owner) {

    /** An attempt with an e-mail address. Counted by the address, so that unknown addresses behave like known ones. */
    public static Guess at(EmailAddress email, @Nullable UUID owner, @Nullable String ip) {
        String network = IpAddress.network(ip);
        return new Guess("email:" + email.value().toLowerCase(Locale.ROOT), network, network, owner);
    }

    /** An attempt with a text that is not an e-mail address. It never counts against an address that looks like it. */
    public static Guess atText(String text, @Nullable String ip) {
        String network = IpAddress.network(ip);
        return new Guess("text:" + text, network, network, null);
    }

    /** An attempt by a logged-in user. Counted by session, since a thief of its token can use many client addresses. */
    public static Guess at(UUID userId, @Nullable UUID sessionId, @Nullable String ip) {
        return new Guess("user:" + userId, "session:" + sessionId, IpAddress.network(ip), null);
    }

    String accountAndSource() {
        return account + " " + source;
    }
}
