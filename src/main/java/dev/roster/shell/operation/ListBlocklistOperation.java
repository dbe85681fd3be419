package dev.roster.shell.operation;

import dev.roster.operator.Operators;
import dev.roster.operator.data.Row;
import dev.roster.shell.terminal.Terminal;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import net.sourceforge.argparse4j.impl.Arguments;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;

/** The command {@code list-blocklist}: one revocation a line, its columns separated by tabs. */
public final class ListBlocklistOperation implements Operation {
    private static final String ALL = "all";

    /** In a reason written by hand: characters that would end the line or the column, or move the cursor. */
    private static final Pattern UNSAFE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

    private final Terminal terminal;

    public ListBlocklistOperation(Terminal terminal) {
        this.terminal = terminal;
    }

    public static void declare(Subparser parser) {
        parser.addArgument("--" + ALL)
                .action(Arguments.storeTrue())
                .help("include revocations that have expired and are not purged yet");
    }

    @Override
    public void run(Operators operators, Namespace arguments) throws IOException {
        Writer out = new BufferedWriter(new OutputStreamWriter(terminal.out(), StandardCharsets.UTF_8));
        operators.blocklist().list(arguments.getBoolean(ALL), row -> out.write(line(row)));
        out.flush();
    }

    private static String line(Row row) {
        return row.columns().values().stream()
                .map(value ->
                        value == null ? "-" : UNSAFE.matcher(value.toString()).replaceAll("?"))
                .collect(Collectors.joining("\t", "", "\n"));
    }
}
