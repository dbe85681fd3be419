package dev.roster.mail;

import com.codahale.metrics.health.HealthCheck;
import dev.roster.delivery.Backlog;
import dev.roster.delivery.Outbox;
import java.time.Duration;

/**
 * Always healthy, because requests do not depend on mails. A message reports mails that have been waiting for long.
 * Thread-safe.
 */
final class MailHealthCheck extends HealthCheck {
    private static final Duration LONG = Duration.ofMinutes(5);

    private final Outbox outbox;
    private volatile Backlog backlog = new Backlog(0, Duration.ZERO, null);

    MailHealthCheck(Outbox outbox) {
        this.outbox = outbox;
    }

    /** Asks the database, so that the check itself need not wait for it. */
    void measure() {
        backlog = outbox.backlog();
    }

    /** How many mails waited at the last measurement. */
    long due() {
        return backlog.due();
    }

    @Override
    protected Result check() {
        Backlog last = backlog;
        if (last.age().compareTo(LONG) <= 0) {
            return Result.healthy();
        }
        return Result.healthy("the oldest of %d mails has been waiting for %d minutes; last failure: %s"
                .formatted(last.due(), last.age().toMinutes(), last.failure() == null ? "none" : last.failure()));
    }
}
