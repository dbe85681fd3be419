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
 * The keys under which limits may have counted one person: the codes name nobody, but whoever knows of whom they would be
 * made can make them again.
 */
public final class PersonKeys {
    private final LimitKeys keys;
    private final Map<String, String> namesByKey = new LinkedHashMap<>();

    public PersonKeys(SecretKey secretKey) {
        this.keys = new LimitKeys(secretKey);
    }

    /** Those of logins as somebody of this address, from these client addresses, and of its registration. */
    public PersonKeys ofEmail(String email, Collection<String> ips) {
        namesByKey.put(keys.of(RegistrationLimit.EMAIL, email.toLowerCase(Locale.ROOT)), RegistrationLimit.EMAIL);
        add(guess(email, null));
        ips.forEach(ip -> add(guess(email, ip)));
        return this;
    }

    /** As a login does: somebody may have written by hand what is no address. */
    private static Guess guess(String email, @Nullable String ip) {
        try {
            return Guess.at(new EmailAddress(email), ip);
        } catch (InvalidValueException e) {
            return Guess.atText(email, ip);
        }
    }

    /** Those of password changes in these sessions, or in none. */
    public PersonKeys ofUser(UUID userId, Collection<UUID> sessionIds) {
        add(Guess.at(userId, null, null));
        sessionIds.forEach(sessionId -> add(Guess.at(userId, sessionId, null)));
        return this;
    }

    private void add(Guess guess) {
        namesByKey.put(keys.of(GuessLimit.ANYWHERE, guess.account()), GuessLimit.ANYWHERE);
        namesByKey.put(keys.of(GuessLimit.ACCOUNT, guess.accountAndNetwork()), GuessLimit.ACCOUNT);
    }

    /** The names of their limits, by the keys. */
    public Map<String, String> namesByKey() {
        return Map.copyOf(namesByKey);
    }
}
