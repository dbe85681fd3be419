package dev.roster.shell;

import dev.roster.host.Purge;
import java.io.IOException;
import net.sourceforge.argparse4j.inf.Namespace;

/** The command {@code purge-blocklist}: deletes the revocations of what has expired. */
public final class PurgeBlocklistOperation implements Operation {
    private final Purge purge;
    private final Terminal terminal;

    public PurgeBlocklistOperation(Purge purge, Terminal terminal) {
        this.purge = purge;
        this.terminal = terminal;
    }

    @Override
    public void run(Namespace arguments) throws IOException {
        int purged = purge.purgeBlocklist();
        terminal.print("purged " + purged + (purged == 1 ? " row" : " rows"));
    }
}
