package dev.roster.shell.operation;

import dev.roster.operator.Operators;
import dev.roster.operator.UserAdministration.EndedEverywhere;
import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import dev.roster.shell.terminal.Terminal;
import java.io.IOException;
import net.sourceforge.argparse4j.impl.Arguments;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;

/** The command {@code end-all-sessions}. It takes no user, so it wants a confirmation. */
public final class EndAllSessionsOperation implements Operation {
    private static final String CONFIRMED = "yes";

    private final Terminal terminal;

    public EndAllSessionsOperation(Terminal terminal) {
        this.terminal = terminal;
    }

    public static void declare(Subparser parser) {
        parser.addArgument("--" + CONFIRMED)
                .action(Arguments.storeTrue())
                .help("confirms that everybody is to be logged out");
    }

    @Override
    public void run(Operators operators, Namespace arguments) throws IOException {
        operators.requireAuditKey();
        if (!arguments.getBoolean(CONFIRMED)) {
            throw new RefusedException(
                    Refusal.INVALID, "--" + CONFIRMED + " is missing: this command logs everybody out");
        }
        EndedEverywhere ended =
                operators.users().endAllSessions(operators.users().atShell());
        terminal.print("ended " + ended.sessions() + (ended.sessions() == 1 ? " session of " : " sessions of ")
                + ended.users() + (ended.users() == 1 ? " user" : " users")
                + "; every access token issued until " + ended.revokedUntil() + " is refused");
    }
}
