package dev.roster.mail;

import dev.roster.http.connection.IpAddress;
import dev.roster.limit.Bucket;
import dev.roster.limit.LimitCommands.BucketState;
import dev.roster.limit.LimitConfiguration;
import dev.roster.limit.LimitModule;
import dev.roster.mail.token.Purpose;
import dev.roster.refusal.RefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Limits how many mails one client address may request, and how many people may request for one e-mail address. Only
 * the first limit refuses requests: otherwise the second would reveal how many mails somebody got. Thread-safe.
 */
public final class MailLimits {
    private final Bucket client;
    private final Bucket address;

    MailLimits(MailConfiguration configuration, LimitModule limits) {
        this.client = limits.perHour(LimitConfiguration.MAILS_PER_CLIENT, configuration.perClient());
        this.address = limits.perHour(LimitConfiguration.MAILS_PER_ADDRESS, configuration.perAddress());
    }

    /**
     * Counts a request for a mail, whether or not a user has the address. Counts each purpose apart: otherwise requests
     * that send nothing could keep the owner from a reset. Lock order: the client address's row, then the e-mail
     * address's.
     *
     * @param purpose of the token in the mail
     * @throws RefusedException {@code TOO_MANY_REQUESTS} if the client address had reached its limit already
     */
    public Taken take(Handle handle, Purpose purpose, String emailAddress, @Nullable String ip) {
        List<String> reached = new ArrayList<>();
        if (client.take(handle, IpAddress.network(ip)).isEmpty()) {
            reached.add(client.name());
        }
        return take(handle, purpose.column(), emailAddress, reached);
    }

    /** Counts a mail that a registration sends. The limits of registrations bound those of one client. */
    public Taken takeRegistration(Handle handle, String emailAddress) {
        return take(handle, "register", emailAddress, new ArrayList<>());
    }

    private Taken take(Handle handle, String kind, String emailAddress, List<String> reached) {
        Optional<BucketState> state = address.tryToTake(handle, subject(kind, emailAddress));
        if (state.isPresent() && state.get().isEmpty()) {
            reached.add(address.name());
        }
        return new Taken(state.isPresent(), reached);
    }

    /**
     * Counts a notice to an address. Requests for mails and other notices are counted apart: otherwise a thief could
     * suppress the notice that takes an account back.
     *
     * @param notice what the notice is about
     */
    boolean isNoticeAllowed(Handle handle, String notice, String emailAddress) {
        return address.tryToTake(handle, subject(notice, emailAddress)).isPresent();
    }

    private static String subject(String kind, String emailAddress) {
        return kind + " " + emailAddress.toLowerCase(Locale.ROOT);
    }

    /**
     * A request that was counted.
     *
     * @param isAllowed false if the e-mail address had reached its limit already, so that it gets no mail
     * @param reached the names of the limits that are now reached
     */
    public record Taken(boolean isAllowed, List<String> reached) {}
}
