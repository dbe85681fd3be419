package dev.roster.command.registration;

import dev.roster.command.Commands;
import dev.roster.http.RequestSource;
import dev.roster.limit.RegistrationLimit;
import dev.roster.refusal.RefusedException;
import dev.roster.user.EmailAddress;
import java.util.List;

/** Counts registrations before they cost a hash. Thread-safe. */
final class RegistrationCount {
    private final Commands commands;
    private final RegistrationLimit limit;

    RegistrationCount(Commands commands, RegistrationLimit limit) {
        this.commands = commands;
        this.limit = limit;
    }

    /** @throws RefusedException {@code TOO_MANY_REQUESTS} */
    void take(EmailAddress email, RequestSource source) {
        List<String> unused = commands.run((handle, effects) -> {
            List<String> reached = limit.take(handle, email.value(), source.ip());
            effects.recordReached(reached, null, source);
            return reached;
        });
    }
}
