package dev.roster.shell.operation;

import dev.roster.operator.Operators;
import java.io.IOException;
import net.sourceforge.argparse4j.inf.Namespace;

/** A command at a shell: reads its arguments, runs an operation, and prints the result. */
@FunctionalInterface
public interface Operation {
    /**
     * Runs once.
     *
     * @throws dev.roster.refusal.RefusedException if the request is refused
     * @throws IOException if the terminal cannot be read or written
     */
    void run(Operators operators, Namespace arguments) throws IOException;
}
