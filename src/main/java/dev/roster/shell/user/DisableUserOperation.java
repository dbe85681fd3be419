package dev.roster.shell.user;

import dev.roster.operator.Operator;
import dev.roster.operator.Operators;
import dev.roster.refusal.ErrorCode;
import dev.roster.refusal.InvalidValueException;
import dev.roster.shell.operation.ArgumentValue;
import dev.roster.shell.operation.Operation;
import dev.roster.shell.terminal.Terminal;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.jspecify.annotations.Nullable;

/** The command {@code disable-user}. */
public final class DisableUserOperation implements Operation {
    private static final String UNTIL = "--until";
    private static final String REASON = "--reason";

    private final Terminal terminal;

    public DisableUserOperation(Terminal terminal) {
        this.terminal = terminal;
    }

    public static void declare(Subparser parser) {
        UserArgument.declare(parser);
        parser.addArgument(UNTIL)
                .metavar("TIME")
                .help("when the person may log in again, such as 2026-12-24T18:00:00Z; by default, not before"
                        + " enable-user");
        parser.addArgument(REASON).metavar("TEXT").help("why, for other operators and the audit trail");
    }

    @Override
    public void run(Operators operators, Namespace arguments) throws IOException {
        operators.requireAuditKey();
        Instant until = ArgumentValue.of(arguments, UNTIL, DisableUserOperation::parseTime);
        Operator operator =
                ArgumentValue.of(arguments, REASON, operators.users().atShell()::because);
        var disabled = operators.users().access().disable(operator, UserArgument.of(arguments), until);
        terminal.print("disabled " + disabled.user().id() + (until == null ? "" : " until " + until));
    }

    private static @Nullable Instant parseTime(@Nullable String text) {
        try {
            return text == null ? null : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new InvalidValueException(ErrorCode.MALFORMED, "must be a time as in RFC 3339");
        }
    }
}
