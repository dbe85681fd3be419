package dev.roster.shell.user;

import dev.roster.operator.Operators;
import dev.roster.operator.UserEdit;
import dev.roster.shell.operation.ArgumentValue;
import dev.roster.shell.operation.Operation;
import dev.roster.shell.terminal.Terminal;
import dev.roster.user.Role;
import java.io.IOException;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;

/** The command {@code set-role}. */
public final class SetRoleOperation implements Operation {
    private static final String ROLE = "ROLE";

    private final Terminal terminal;

    public SetRoleOperation(Terminal terminal) {
        this.terminal = terminal;
    }

    public static void declare(Subparser parser) {
        UserArgument.declare(parser);
        parser.addArgument(ROLE).help("any role in config.yml");
    }

    @Override
    public void run(Operators operators, Namespace arguments) throws IOException {
        operators.requireAuditKey();
        Role role = ArgumentValue.of(arguments, ROLE, operators.users().roles()::parseAny);
        var edited = operators
                .users()
                .editing()
                .edit(operators.users().atShell(), UserArgument.of(arguments), UserEdit.of(role));
        terminal.print("set the role of " + edited.user().id() + " to " + role.value());
    }
}
