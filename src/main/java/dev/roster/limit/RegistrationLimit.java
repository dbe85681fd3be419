package dev.roster.limit;

import dev.roster.key.SecretKey;
import dev.roster.refusal.RefusedException;
import java.util.List;
import java.util.Locale;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * How many e-mail addresses one client address may try to register, which is also to ask whether they are taken; and how
 * often anybody may try the same one, which tells nothing new and is hardly limited. Thread-safe.
 */
public final class RegistrationLimit {
    static final String ADDRESS = "registration";
    static final String EMAIL = "registration-email";
    private static final int PER_EMAIL = 6;
    private static final int PER_EMAIL_AT_ONCE = 300;

    private final Bucket address;
    private final Bucket email;

    public RegistrationLimit(LimitConfiguration configuration, SecretKey secretKey) {
        LimitKeys keys = new LimitKeys(secretKey);
        this.address = new Bucket(ADDRESS, configuration.registrations(), configuration.registrationsAtOnce(), keys);
        this.email = new Bucket(EMAIL, configuration.registrations() == 0 ? 0 : PER_EMAIL, PER_EMAIL_AT_ONCE, keys);
    }

    /**
     * Counts a registration.
     *
     * @return the names of the limits that are reached with it
     * @throws RefusedException {@code TOO_MANY_REQUESTS} where one was reached already
     */
    public List<String> take(Handle handle, String emailAddress, @Nullable String ip) {
        String network = LimitKeys.network(ip);
        if (!email.take(handle, emailAddress.toLowerCase(Locale.ROOT)).first()) {
            return List.of();
        }
        return address.take(handle, network).last() ? List.of(ADDRESS) : List.of();
    }
}
