package dev.roster.command.user;

import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import java.util.function.Supplier;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;
import org.postgresql.util.ServerErrorMessage;

/** Turns a violation of the unique index on addresses into a refusal. */
public final class EmailTaken {
    private EmailTaken() {}

    public static RefusedException refusal() {
        return new RefusedException(Refusal.EMAIL_TAKEN, "Another user has this e-mail address.");
    }

    /** @throws RefusedException {@code EMAIL_TAKEN} if the statement violates the index */
    public static <T> T unless(Supplier<T> statement) {
        try {
            return statement.get();
        } catch (UnableToExecuteStatementException e) {
            if (e.getCause() instanceof PSQLException sql && isEmailIndex(sql)) {
                throw refusal();
            }
            throw e;
        }
    }

    private static boolean isEmailIndex(PSQLException sql) {
        ServerErrorMessage message = sql.getServerErrorMessage();
        return PSQLState.UNIQUE_VIOLATION.getState().equals(sql.getSQLState())
                && message != null
                && UserCommands.EMAIL_INDEX.equals(message.getConstraint());
    }
}
