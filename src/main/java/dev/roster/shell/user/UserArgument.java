package dev.roster.shell.user;

import dev.roster.operator.UserReference;
import dev.roster.refusal.RefusedException;
import dev.roster.shell.operation.ArgumentValue;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;

/** The argument {@code USER}: an id, or an e-mail address in any case. */
public final class UserArgument {
    private static final String NAME = "USER";

    private UserArgument() {}

    public static void declare(Subparser parser) {
        parser.addArgument(NAME).help("the person's id or e-mail address");
    }

    /** @throws RefusedException {@code INVALID} if it is neither */
    static UserReference of(Namespace arguments) {
        return ArgumentValue.of(arguments, NAME, UserReference::parse);
    }
}
