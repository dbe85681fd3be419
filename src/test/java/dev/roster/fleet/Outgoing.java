package dev.roster.fleet;

import dev.roster.delivery.Outbox;
import dev.roster.support.Poll;
import dev.roster.support.mail.MailSink.Mail;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;

/** The table {@code mails} of a fleet, seen from outside. */
record Outgoing(Jdbi database) {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Waits until the nodes have claimed this many mails. */
    void awaitClaims(int count) {
        Poll.until(count + " mails are claimed", PATIENCE, () -> claims("infinity") == count);
    }

    /** Waits until only this many claims are left whose leases end until then. */
    void awaitClaimsUntil(OffsetDateTime end, int count) {
        Poll.until(count + " claims are left", PATIENCE, () -> claims(end.toString()) == count);
    }

    private int claims(String end) {
        return database.withHandle(handle ->
                handle.createQuery("""
                        SELECT count(*)
                          FROM mails
                         WHERE state = 'due' AND lease_until > now() AND lease_until <= :end::timestamptz
                        """).bind("end", end).mapTo(Integer.class).one());
    }

    /** When a lease would end that begins now. */
    OffsetDateTime endOfNewLease() {
        return database.withHandle(handle -> handle.createQuery("SELECT now() + make_interval(secs => :lease)")
                .bind("lease", Outbox.LEASE.toSeconds())
                .mapTo(OffsetDateTime.class)
                .one());
    }

    /** Ends the leases that would end until then, and returns their number. */
    int endLeases(OffsetDateTime end) {
        return database.withHandle(
                handle -> handle.createUpdate("""
                        UPDATE mails
                           SET lease_until = now()
                         WHERE state = 'due' AND lease_until > now() AND lease_until <= :end
                        """).bind("end", end).execute());
    }

    /** Waits until no mail is due. */
    void awaitEnd() {
        Poll.until(
                "no mail is due",
                PATIENCE,
                () -> database.withHandle(
                        handle -> handle.createQuery("SELECT NOT EXISTS (SELECT FROM mails WHERE state = 'due')")
                                .mapTo(Boolean.class)
                                .one()));
    }

    /**
     * The mails that nodes have claimed at least this often, as they arrive.
     *
     * @param host of the sender
     */
    Set<Mail> mails(String host, int attempts) {
        return database.withHandle(handle -> handle.createQuery("""
                        SELECT address, '<' || id || '@' || :host || '>' AS message_id
                          FROM mails
                         WHERE attempts >= :attempts
                        """)
                .bind("host", host)
                .bind("attempts", attempts)
                .map((row, context) -> new Mail(row.getString("address"), row.getString("message_id")))
                .set());
    }

    /** The addresses of all users. */
    Set<String> people() {
        return database.withHandle(handle -> handle.createQuery("SELECT email FROM users")
                .mapTo(String.class)
                .set());
    }

    /** The addresses of users who have no mail in this table, or several. */
    List<String> peopleWithoutOneMail() {
        return database.withHandle(
                handle -> handle.createQuery("""
                        SELECT email
                          FROM users
                         WHERE (SELECT count(*) FROM mails WHERE user_id = users.id) <> 1
                        """).mapTo(String.class).list());
    }
}
