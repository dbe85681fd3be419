package dev.roster.shell.key;

import dev.roster.apikey.KeyRow;
import dev.roster.apikey.Scope;
import dev.roster.operator.Operators;
import dev.roster.shell.operation.Operation;
import dev.roster.shell.terminal.Terminal;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.sourceforge.argparse4j.inf.Namespace;
import org.jspecify.annotations.Nullable;

/** The command {@code list-keys}: one key a line, its columns separated by tabs. */
public final class ListKeysOperation implements Operation {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssX").withZone(ZoneOffset.UTC);

    /** In a name written by hand: characters that would end the line or the column, or move the cursor. */
    private static final Pattern UNSAFE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

    private final Terminal terminal;

    public ListKeysOperation(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void run(Operators operators, Namespace arguments) throws IOException {
        for (KeyRow key : operators.keys().list()) {
            terminal.print(line(key));
        }
    }

    private static String line(KeyRow key) {
        return Stream.of(
                        key.id(),
                        UNSAFE.matcher(key.name()).replaceAll("?"),
                        key.scopes().stream().map(Scope::id).collect(Collectors.joining(",")),
                        time(key.createdAt()),
                        key.createdBy() == null ? "-" : key.createdBy(),
                        time(key.expiresAt()),
                        time(key.lastUsedAt()),
                        time(key.revokedAt()))
                .collect(Collectors.joining("\t"));
    }

    private static String time(@Nullable Instant time) {
        return time == null ? "-" : TIME.format(time);
    }
}
