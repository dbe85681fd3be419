package dev.roster.shell.user;

import dev.roster.operator.Operators;
import dev.roster.shell.operation.Operation;
import dev.roster.shell.terminal.Terminal;
import java.io.IOException;
import net.sourceforge.argparse4j.inf.Namespace;

/** The command {@code export-user}. */
public final class ExportUserOperation implements Operation {
    private final Terminal terminal;

    public ExportUserOperation(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void run(Operators operators, Namespace arguments) throws IOException {
        operators.requireAuditKey();
        operators.export().write(UserArgument.of(arguments), terminal.out());
    }
}
