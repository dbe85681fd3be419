package dev.roster.shell.key;

import dev.roster.operator.Operator;
import dev.roster.operator.Operators;
import dev.roster.operator.SigningKeyAdministration.PublishedKey;
import dev.roster.shell.operation.ArgumentValue;
import dev.roster.shell.operation.Operation;
import dev.roster.shell.terminal.Terminal;
import java.io.IOException;
import net.sourceforge.argparse4j.impl.Arguments;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;

/** The command {@code rotate-key}: prints the newest signing key, which it may have made. */
public final class RotateKeyOperation implements Operation {
    private static final String NOW = "now";

    private final Terminal terminal;

    public RotateKeyOperation(Terminal terminal) {
        this.terminal = terminal;
    }

    public static void declare(Subparser parser) {
        parser.addArgument("--" + NOW)
                .action(Arguments.storeTrue())
                .help("for a key that has leaked: refuses all access tokens of before, and signs with the new key"
                        + " at once");
        parser.addArgument("--reason").metavar("TEXT").help("why, for the audit trail");
    }

    @Override
    public void run(Operators operators, Namespace arguments) throws IOException {
        operators.requireAuditKey();
        Operator operator =
                ArgumentValue.of(arguments, "--reason", operators.users().atShell()::because);
        PublishedKey key = operators.signingKeys().rotate(operator, arguments.getBoolean(NOW));
        terminal.print(String.join(
                "\t",
                key.kid(),
                key.algorithm(),
                key.publishedFrom().toString(),
                key.signsFrom().toString()));
    }
}
