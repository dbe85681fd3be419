package dev.roster.shell.key;

import dev.roster.http.condition.Preconditions;
import dev.roster.operator.Operators;
import dev.roster.shell.operation.Operation;
import dev.roster.shell.terminal.Terminal;
import java.io.IOException;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;

/** The command {@code revoke-key}. */
public final class RevokeKeyOperation implements Operation {
    private static final String ID = "ID";

    private final Terminal terminal;

    public RevokeKeyOperation(Terminal terminal) {
        this.terminal = terminal;
    }

    public static void declare(Subparser parser) {
        parser.addArgument(ID).help("the key's id, as list-keys prints it");
    }

    @Override
    public void run(Operators operators, Namespace arguments) throws IOException {
        operators.requireAuditKey();
        String id = arguments.getString(ID);
        operators.keys().revoke(operators.users().atShell(), id, Preconditions.NONE);
        terminal.print("revoked " + id);
    }
}
