package dev.roster.shell.user;

import dev.roster.http.condition.Preconditions;
import dev.roster.operator.Operators;
import dev.roster.operator.UserAdministration.EndedSessions;
import dev.roster.shell.operation.Operation;
import dev.roster.shell.terminal.Terminal;
import java.io.IOException;
import net.sourceforge.argparse4j.inf.Namespace;

/** The command {@code end-sessions}. */
public final class EndSessionsOperation implements Operation {
    private final Terminal terminal;

    public EndSessionsOperation(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void run(Operators operators, Namespace arguments) throws IOException {
        operators.requireAuditKey();
        EndedSessions ended = operators
                .users()
                .endSessions(operators.users().atShell(), UserArgument.of(arguments), Preconditions.NONE);
        terminal.print(
                "ended " + ended.count() + (ended.count() == 1 ? " session of " : " sessions of ") + ended.userId());
    }
}
