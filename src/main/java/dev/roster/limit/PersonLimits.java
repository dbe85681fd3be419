package dev.roster.limit;

import dev.roster.host.PersonalData;
import dev.roster.key.SecretKey;
import dev.roster.refusal.InvalidValueException;
import dev.roster.user.EmailAddress;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * What limits have counted of a person. The tables contain codes only, so it derives the codes again from the person's
 * address, sessions and client addresses.
 */
final class PersonLimits implements PersonalData.Rows {
    private final SecretKey secretKey;

    PersonLimits(SecretKey secretKey) {
        this.secretKey = secretKey;
    }

    @Override
    public Query find(Handle handle, UUID userId) {
        PersonKeys keys =
                new PersonKeys(secretKey).ofUser(userId, seen(handle, userId, "session_id", "id", UUID.class));
        handle.createQuery("SELECT email FROM users WHERE id = :id")
                .bind("id", userId)
                .mapTo(String.class)
                .findOne()
                .ifPresent(email -> keys.ofEmail(email, seen(handle, userId, "host(ip)", "host(ip)", String.class)));
        return handle.createQuery("""
                        SELECT known.name AS "limit", failures, closed_until, forgotten_at, full_at
                          FROM unnest(:keys::text[], :names::text[]) AS known (key, name)
                          LEFT JOIN failure_limits USING (key)
                          LEFT JOIN request_limits USING (key)
                         WHERE failures IS NOT NULL OR full_at IS NOT NULL
                         ORDER BY known.name, key
                        """)
                .bindArray("keys", String.class, keys.namesByKey().keySet())
                .bindArray("names", String.class, keys.namesByKey().values());
    }

    /** The values in these columns of the person's audit events and sessions. */
    private static <T> List<T> seen(Handle handle, UUID userId, String ofEvent, String ofSession, Class<T> type) {
        return handle.createQuery("""
                        SELECT <ofEvent> AS seen
                          FROM audit_events
                         WHERE <ofEvent> IS NOT NULL
                           AND (target_id = :id OR (actor_id = :id AND actor_id IS DISTINCT FROM target_id))
                         UNION
                        SELECT <ofSession>
                          FROM sessions
                         WHERE <ofSession> IS NOT NULL AND user_id = :id
                        """)
                .bind("id", userId)
                .define("ofEvent", ofEvent)
                .define("ofSession", ofSession)
                .mapTo(type)
                .list();
    }

    /**
     * Computes the keys under which limits may have counted one person. Keys reveal nobody, but they can be recomputed
     * from a person's e-mail address, client addresses and sessions.
     */
    private static final class PersonKeys {
        private final LimitKeys keys;
        private final Map<String, String> namesByKey = new LinkedHashMap<>();

        PersonKeys(SecretKey secretKey) {
            this.keys = new LimitKeys(secretKey);
        }

        /** Adds the keys of registrations, mails and logins of an e-mail address; of logins, from these addresses. */
        PersonKeys ofEmail(String email, Collection<String> ips) {
            for (String limit : List.of(RegistrationLimit.EMAIL, LimitConfiguration.MAILS_PER_ADDRESS)) {
                namesByKey.put(keys.of(limit, email.toLowerCase(Locale.ROOT)), limit);
            }
            add(guess(email, null));
            ips.forEach(ip -> add(guess(email, ip)));
            return this;
        }

        /**
         * Builds the guess as a login does. A row edited in the database may hold a text that is not an e-mail address.
         */
        private static Guess guess(String email, @Nullable String ip) {
            try {
                return Guess.at(new EmailAddress(email), null, ip);
            } catch (InvalidValueException e) {
                return Guess.atText(email, ip);
            }
        }

        /** Adds the keys of logins and changes, and of password changes in these sessions and without a session. */
        PersonKeys ofUser(UUID userId, Collection<UUID> sessionIds) {
            for (String limit : List.of(LimitConfiguration.LOGIN, LimitConfiguration.CHANGE, RefreshLimit.RECORDS)) {
                namesByKey.put(keys.of(limit, userId.toString()), limit);
            }
            namesByKey.put(
                    keys.of(LimitConfiguration.CHANGE, LimitKeys.newPassword(userId)), LimitConfiguration.CHANGE);
            add(Guess.at(userId, null, null));
            sessionIds.forEach(sessionId -> add(Guess.at(userId, sessionId, null)));
            return this;
        }

        private void add(Guess guess) {
            namesByKey.put(keys.of(GuessLimit.ANYWHERE, guess.account()), GuessLimit.ANYWHERE);
            namesByKey.put(keys.of(GuessLimit.NEW_NETWORKS, guess.account()), GuessLimit.NEW_NETWORKS);
            namesByKey.put(keys.of(GuessLimit.ACCOUNT, guess.accountAndSource()), GuessLimit.ACCOUNT);
        }

        /** The names of the limits, by key. */
        Map<String, String> namesByKey() {
            return Map.copyOf(namesByKey);
        }
    }
}
