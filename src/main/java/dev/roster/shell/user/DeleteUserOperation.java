package dev.roster.shell.user;

import dev.roster.operator.Operators;
import dev.roster.shell.operation.Operation;
import dev.roster.shell.terminal.Terminal;
import java.io.IOException;
import net.sourceforge.argparse4j.inf.Namespace;

/** The command {@code delete-user}. */
public final class DeleteUserOperation implements Operation {
    private final Terminal terminal;

    public DeleteUserOperation(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void run(Operators operators, Namespace arguments) throws IOException {
        operators.requireAuditKey();
        terminal.print("deleted "
                + operators.users().delete(operators.users().atShell(), UserArgument.of(arguments), user -> {}));
    }
}
