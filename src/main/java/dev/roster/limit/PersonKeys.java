package dev.roster.limit;

import dev.roster.key.SecretKey;
import dev.roster.refusal.InvalidValueException;
import dev.roster.user.EmailAddress;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Computes the keys under which limits may have counted one person. Keys reveal nobody, but they can be recomputed
 * from a person's e-mail address, client addresses and sessions.
 */
public final class PersonKeys {
    private final LimitKeys keys;
    private final Map<String, String> namesByKey = new LinkedHashMap<>();

    public PersonKeys(SecretKey secretKey) {
        this.keys = new LimitKeys(secretKey);
    }

    /** Adds the keys of logins with an e-mail address from these client addresses, and of its registration. */
    public PersonKeys ofEmail(String email, Collection<String> ips) {
        namesByKey.put(keys.of(RegistrationLimit.EMAIL, email.toLowerCase(Locale.ROOT)), RegistrationLimit.EMAIL);
        add(guess(email, null));
        ips.forEach(ip -> add(guess(email, ip)));
        return this;
    }

    /** Builds the guess as a login does. A row edited in the database may hold a text that is not an e-mail address. */
    private static Guess guess(String email, @Nullable String ip) {
        try {
            return Guess.at(new EmailAddress(email), ip);
        } catch (InvalidValueException e) {
            return Guess.atText(email, ip);
        }
    }

    /** Adds the keys of password changes in these sessions, and without a session. */
    public PersonKeys ofUser(UUID userId, Collection<UUID> sessionIds) {
        add(Guess.at(userId, null, null));
        sessionIds.forEach(sessionId -> add(Guess.at(userId, sessionId, null)));
        return this;
    }

    private void add(Guess guess) {
        namesByKey.put(keys.of(GuessLimit.ANYWHERE, guess.account()), GuessLimit.ANYWHERE);
        namesByKey.put(keys.of(GuessLimit.ACCOUNT, guess.accountAndSource()), GuessLimit.ACCOUNT);
    }

    /** The names of the limits, by key. */
    public Map<String, String> namesByKey() {
        return Map.copyOf(namesByKey);
    }
}
