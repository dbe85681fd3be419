package dev.roster.shell;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import net.sourceforge.argparse4j.impl.Arguments;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** The command {@code list-blocklist}: what is revoked, a line each, the newest first, its columns parted by tabs. */
public final class ListBlocklistOperation implements Operation {
    private static final String ALL = "all";
    private static final int FETCH_SIZE = 1000;

    /** In a reason that somebody has written by hand: what would end the line or the column, or move the cursor. */
    private static final Pattern UNSAFE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

    private final Jdbi jdbi;
    private final Terminal terminal;

    public ListBlocklistOperation(Jdbi jdbi, Terminal terminal) {
        this.jdbi = jdbi;
        this.terminal = terminal;
    }

    /** Adds the command's argument. */
    public static void declare(Subparser parser) {
        parser.addArgument("--" + ALL)
                .action(Arguments.storeTrue())
                .help("also what has expired, and is refused without being listed");
    }

    @Override
    public void run(Namespace arguments) throws IOException {
        // In a transaction, so that the rows come some at a time.
        jdbi.useTransaction(handle -> {
            handle.execute("SET TRANSACTION READ ONLY");
            Writer out = new BufferedWriter(new OutputStreamWriter(terminal.out(), StandardCharsets.UTF_8));
            list(handle, arguments.getBoolean(ALL), out);
            out.flush();
        });
    }

    private static void list(Handle handle, boolean all, Writer out) throws IOException {
        Iterator<Row> rows = handle.createQuery("""
                        SELECT id, kind, user_id, reason, revoked_at, expires_at
                          FROM token_blocklist
                         WHERE :all OR expires_at > now()
                         ORDER BY revoked_at DESC, id
                        """)
                .bind("all", all)
                .setFetchSize(FETCH_SIZE)
                .map((row, context) -> Row.read(row))
                .iterator();
        while (rows.hasNext()) {
            out.write(line(rows.next()));
        }
    }

    private static String line(Row row) {
        return row.columns().values().stream()
                .map(value ->
                        value == null ? "-" : UNSAFE.matcher(value.toString()).replaceAll("?"))
                .collect(Collectors.joining("\t", "", "\n"));
    }
}
