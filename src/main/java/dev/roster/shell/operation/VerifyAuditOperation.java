package dev.roster.shell.operation;

import dev.roster.audit.Head;
import dev.roster.operator.Operators;
import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import dev.roster.shell.terminal.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;

/** The command {@code audit-verify}: prints one finding a line, and a summary. Fails if there is any finding. */
public final class VerifyAuditOperation implements Operation {
    private static final String HEAD = "head";

    private final Terminal terminal;

    public VerifyAuditOperation(Terminal terminal) {
        this.terminal = terminal;
    }

    public static void declare(Subparser parser) {
        parser.addArgument("--" + HEAD)
                .metavar("NUMBER:CODE")
                .help("the head that an earlier run printed: finds that newer seals were cut off");
    }

    @Override
    public void run(Operators operators, Namespace arguments) throws IOException {
        String noted = arguments.getString(HEAD);
        Head head = noted == null
                ? null
                : Head.parse(noted)
                        .orElseThrow(() -> new RefusedException(
                                Refusal.INVALID, "--" + HEAD + " is none that audit-verify printed"));
        PrintWriter out = new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8);
        boolean whole = operators.verifyAudit(head, out::println);
        if (out.checkError()) {
            throw new IOException("a finding may be lost");
        }
        if (!whole) {
            throw new FindingsException();
        }
    }
}
