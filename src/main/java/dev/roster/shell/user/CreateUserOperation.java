package dev.roster.shell.user;

import dev.roster.command.registration.NewUser;
import dev.roster.operator.Operators;
import dev.roster.shell.operation.ArgumentValue;
import dev.roster.shell.operation.Operation;
import dev.roster.shell.terminal.Terminal;
import dev.roster.user.EmailAddress;
import dev.roster.user.JsonObject;
import dev.roster.user.PersonName;
import dev.roster.user.Role;
import java.io.IOException;
import java.util.UUID;
import net.sourceforge.argparse4j.impl.Arguments;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;

/** The command {@code create-user}: a registration, with any role, or an invitation. */
public final class CreateUserOperation implements Operation {
    private static final String INVITE = "--invite";

    private final Terminal terminal;

    public CreateUserOperation(Terminal terminal) {
        this.terminal = terminal;
    }

    public static void declare(Subparser parser) {
        parser.addArgument("--name").required(true).help("the person's name");
        parser.addArgument("--email").required(true).help("the person's e-mail address, with which they log in");
        parser.addArgument("--role").setDefault(Role.DEFAULT.value()).help("any role in config.yml");
        PasswordSource.declare(parser)
                .addArgument(INVITE)
                .action(Arguments.storeTrue())
                .help("from the person, who gets a mail with a link to set one");
    }

    @Override
    public void run(Operators operators, Namespace arguments) throws IOException {
        operators.requireAuditKey();
        PersonName name = ArgumentValue.of(arguments, "--name", PersonName::new);
        EmailAddress email = ArgumentValue.of(arguments, "--email", EmailAddress::new);
        Role role = ArgumentValue.of(arguments, "--role", operators.users().roles()::parseAny);
        if (arguments.getBoolean("invite")) {
            NewUser user = new NewUser(name, email, role, JsonObject.EMPTY, null);
            UUID id = operators
                    .users()
                    .invite(operators.users().atShell(), user, INVITE)
                    .user()
                    .id();
            terminal.print("created " + id + " with an invitation");
            return;
        }
        PasswordSource.Given password =
                new PasswordSource(operators.users().passwordPolicy(), operators.random(), terminal).read(arguments);
        UUID id = operators
                .users()
                .create(
                        operators.users().atShell(),
                        new NewUser(name, email, role, JsonObject.EMPTY, password.password()))
                .user()
                .id();
        terminal.print(
                "created " + id, password.generated() == null ? "" : " with the password " + password.generated());
    }
}
