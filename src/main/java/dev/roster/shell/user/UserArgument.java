package dev.roster.shell.user;

import dev.roster.operator.UserReference;
import dev.roster.refusal.InvalidValueException;
import dev.roster.refusal.RefusedException;
import java.util.function.Function;
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
        return value(arguments, NAME, UserReference::parse);
    }

    /**
     * The value of an argument.
     *
     * @param name as it is typed: an option begins with two hyphens
     * @throws RefusedException {@code INVALID}
     */
    static <T> T value(Namespace arguments, String name, Function<String, T> type) {
        try {
            return type.apply(arguments.getString(name.replaceFirst("^--", "")));
        } catch (InvalidValueException e) {
            throw RefusedException.invalid(name, e.reason());
        }
    }
}
