package dev.roster.shell.key;

import dev.roster.apikey.KeyName;
import dev.roster.apikey.NewKey;
import dev.roster.apikey.Scope;
import dev.roster.operator.KeyAdministration;
import dev.roster.operator.KeyAdministration.MadeKey;
import dev.roster.operator.Operators;
import dev.roster.refusal.ErrorCode;
import dev.roster.refusal.InvalidValueException;
import dev.roster.shell.operation.ArgumentValue;
import dev.roster.shell.operation.Operation;
import dev.roster.shell.terminal.Terminal;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.sourceforge.argparse4j.impl.Arguments;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.jspecify.annotations.Nullable;

/** The command {@code create-key}: prints the key and nothing else, so that a script can keep it. */
public final class CreateKeyOperation implements Operation {
    private static final Pattern LIFETIME = Pattern.compile("([1-9][0-9]{0,4})([hd])");

    private final Terminal terminal;

    public CreateKeyOperation(Terminal terminal) {
        this.terminal = terminal;
    }

    public static void declare(Subparser parser) {
        parser.addArgument("--name").required(true).help("what the key is for");
        parser.addArgument("--scope")
                .required(true)
                .action(Arguments.append())
                .metavar("SCOPE")
                .help("what the key allows; give it once for each of: " + String.join(", ", Scope.IDS));
        parser.addArgument("--expires").metavar("TIME").help("when it ends, such as 90d or 12h; by default never");
    }

    @Override
    public void run(Operators operators, Namespace arguments) throws IOException {
        operators.requireAuditKey();
        KeyAdministration keys = operators.keys();
        KeyName name = ArgumentValue.of(arguments, "--name", KeyName::new);
        List<Scope> scopes = arguments.<String>getList("scope").stream()
                .map(scope -> ArgumentValue.parse("--scope", scope, Scope::parse))
                .distinct()
                .toList();
        Duration lifetime = ArgumentValue.of(arguments, "--expires", CreateKeyOperation::lifetime);
        Instant end = lifetime == null
                ? null
                : keys.clock().instant().truncatedTo(ChronoUnit.SECONDS).plus(lifetime);
        MadeKey made = keys.createAtShell(operators.users().atShell(), new NewKey(name, scopes, end));
        terminal.print("", made.key().reveal());
    }

    private static @Nullable Duration lifetime(@Nullable String text) {
        if (text == null) {
            return null;
        }
        Matcher parts = LIFETIME.matcher(text);
        if (!parts.matches()) {
            throw new InvalidValueException(
                    ErrorCode.MALFORMED, "must be a number of days or hours, such as 90d or 12h");
        }
        long number = Long.parseLong(parts.group(1));
        return parts.group(2).equals("d") ? Duration.ofDays(number) : Duration.ofHours(number);
    }
}
