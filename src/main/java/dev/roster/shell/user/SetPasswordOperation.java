package dev.roster.shell.user;

import dev.roster.operator.Operators;
import dev.roster.operator.UserEdit;
import dev.roster.shell.operation.Operation;
import dev.roster.shell.terminal.Terminal;
import java.io.IOException;
import net.sourceforge.argparse4j.inf.MutuallyExclusiveGroup;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;

/** The command {@code set-password}. */
public final class SetPasswordOperation implements Operation {
    private final Terminal terminal;

    public SetPasswordOperation(Terminal terminal) {
        this.terminal = terminal;
    }

    public static void declare(Subparser parser) {
        UserArgument.declare(parser);
        MutuallyExclusiveGroup unused = PasswordSource.declare(parser);
    }

    @Override
    public void run(Operators operators, Namespace arguments) throws IOException {
        operators.requireAuditKey();
        var user = UserArgument.of(arguments);
        PasswordSource.Given password =
                new PasswordSource(operators.users().passwordPolicy(), operators.random(), terminal).read(arguments);
        var edited =
                operators.users().editing().edit(operators.users().atShell(), user, UserEdit.of(password.password()));
        terminal.print(
                "set the password of " + edited.user().id(),
                password.generated() == null ? "" : " to " + password.generated());
    }
}
