package dev.roster.shell;

import dev.roster.audit.AuditEvent;
import dev.roster.command.user.RegisterUser;
import dev.roster.command.user.UserCreation;
import dev.roster.id.Ids;
import dev.roster.password.PasswordHasher;
import dev.roster.refusal.InvalidValueException;
import dev.roster.refusal.RefusedException;
import dev.roster.user.EmailAddress;
import dev.roster.user.PersonName;
import dev.roster.user.Role;
import dev.roster.user.Roles;
import java.io.IOException;
import java.util.UUID;
import java.util.function.Function;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;

/** The command {@code create-user}: what registering is, and with any role. */
public final class CreateUserOperation implements Operation {
    private final UserCreation creation;
    private final Roles roles;
    private final PasswordSource passwords;
    private final PasswordHasher hasher;
    private final Ids ids;
    private final Operator operator;
    private final Terminal terminal;

    public CreateUserOperation(
            UserCreation creation,
            Roles roles,
            PasswordSource passwords,
            PasswordHasher hasher,
            Ids ids,
            Terminal terminal) {
        this.creation = creation;
        this.roles = roles;
        this.passwords = passwords;
        this.hasher = hasher;
        this.ids = ids;
        this.operator = new Operator(ids);
        this.terminal = terminal;
    }

    /** Adds the command's arguments. */
    public static void declare(Subparser parser) {
        parser.addArgument("--name").required(true);
        parser.addArgument("--email").required(true);
        parser.addArgument("--role").setDefault(Role.DEFAULT.value()).help("any that config.yml names");
        PasswordSource.declare(parser);
    }

    @Override
    public void run(Namespace arguments) throws IOException {
        PersonName name = value(arguments, "name", PersonName::new);
        EmailAddress email = value(arguments, "email", EmailAddress::new);
        Role role = value(arguments, "role", roles::parseAny);
        PasswordSource.Given password = passwords.read(arguments);
        RegisterUser user = new RegisterUser(name, email, role, password.password());
        creation.requireFittingPassword(user);
        UUID id = ids.next();
        creation.create(id, user, hasher.hash(password.password()), operator.did(AuditEvent.Type.REGISTERED, id));
        terminal.print(
                "created " + id, password.generated() == null ? "" : " with the password " + password.generated());
    }

    private static <T> T value(Namespace arguments, String name, Function<String, T> type) {
        try {
            return type.apply(arguments.getString(name));
        } catch (InvalidValueException e) {
            throw RefusedException.invalid("--" + name, e.reason());
        }
    }
}
