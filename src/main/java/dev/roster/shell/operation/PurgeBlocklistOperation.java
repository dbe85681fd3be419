package dev.roster.shell.operation;

import dev.roster.operator.Operators;
import dev.roster.shell.terminal.Terminal;
import java.io.IOException;
import net.sourceforge.argparse4j.inf.Namespace;

/** The command {@code purge-blocklist}. */
public final class PurgeBlocklistOperation implements Operation {
    private final Terminal terminal;

    public PurgeBlocklistOperation(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void run(Operators operators, Namespace arguments) throws IOException {
        int purged = operators.purgeBlocklist();
        terminal.print("purged " + purged + (purged == 1 ? " row" : " rows"));
    }
}
