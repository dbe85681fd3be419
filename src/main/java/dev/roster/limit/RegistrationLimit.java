package dev.roster.limit;

import dev.roster.http.connection.IpAddress;
import dev.roster.refusal.RefusedException;
import java.util.List;
import java.util.Locale;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Limits how many e-mail addresses one client address may try to register, since each answer tells whether the
 * address is taken. Repeating the same e-mail address tells nothing new, so that has a higher limit. Thread-safe.
 */
public final class RegistrationLimit {
    static final String ADDRESS = "registration";
    static final String EMAIL = "registration-email";
    private static final int PER_EMAIL = 6;
    private static final int PER_EMAIL_AT_ONCE = 300;

    private final Bucket address;
    private final Bucket email;

    RegistrationLimit(LimitConfiguration configuration, LimitKeys keys) {
        Rate perAddress = new Rate(configuration.registrations(), configuration.registrationsAtOnce());
        this.address = new Bucket(ADDRESS, perAddress, keys);
        this.email = new Bucket(EMAIL, new Rate(perAddress.isEnabled() ? PER_EMAIL : 0, PER_EMAIL_AT_ONCE), keys);
    }

    /**
     * Counts a registration. Lock order: the e-mail address's row, then the client address's.
     *
     * @return the names of the limits that are now reached
     * @throws RefusedException {@code TOO_MANY_REQUESTS} if a limit was reached already
     */
    public List<String> take(Handle handle, String emailAddress, @Nullable String ip) {
        if (!email.take(handle, emailAddress.toLowerCase(Locale.ROOT)).wasFull()) {
            return List.of();
        }
        return address.take(handle, IpAddress.network(ip)).isEmpty() ? List.of(ADDRESS) : List.of();
    }
}
