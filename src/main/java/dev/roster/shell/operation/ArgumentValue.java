package dev.roster.shell.operation;

import dev.roster.refusal.InvalidValueException;
import dev.roster.refusal.RefusedException;
import java.util.function.Function;
import net.sourceforge.argparse4j.inf.Namespace;

/** Reads the values of a command's arguments. */
public final class ArgumentValue {
    private ArgumentValue() {}

    /**
     * Returns the value of an argument that is given once at most.
     *
     * @param name as it is typed: an option begins with two hyphens
     * @throws RefusedException {@code INVALID}
     */
    public static <T> T of(Namespace arguments, String name, Function<String, T> type) {
        return parse(name, arguments.getString(name.replaceFirst("^--", "")), type);
    }

    /**
     * Returns the value that the text of an argument stands for.
     *
     * @throws RefusedException {@code INVALID}
     */
    public static <T> T parse(String name, String text, Function<String, T> type) {
        try {
            return type.apply(text);
        } catch (InvalidValueException e) {
            throw RefusedException.invalid(name, e.reason());
        }
    }
}
