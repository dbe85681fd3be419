package dev.roster.shell.user;

import dev.roster.operator.Operators;
import dev.roster.shell.operation.Operation;
import dev.roster.shell.terminal.Terminal;
import java.io.IOException;
import net.sourceforge.argparse4j.inf.Namespace;

/** The command {@code enable-user}. */
public final class EnableUserOperation implements Operation {
    private final Terminal terminal;

    public EnableUserOperation(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void run(Operators operators, Namespace arguments) throws IOException {
        operators.requireAuditKey();
        var enabled = operators.users().access().enable(operators.users().atShell(), UserArgument.of(arguments));
        terminal.print("enabled " + enabled.user().id());
    }
}
