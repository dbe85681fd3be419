package dev.roster.shell;

import java.io.IOException;
import net.sourceforge.argparse4j.inf.Namespace;

/** What a command at a shell does. */
public interface Operation {
    /**
     * Does it, once.
     *
     * @throws dev.roster.refusal.RefusedException where it cannot be done
     * @throws IOException where the terminal cannot be read or written
     */
    void run(Namespace arguments) throws IOException;
}
