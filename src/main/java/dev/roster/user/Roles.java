package dev.roster.user;

import dev.roster.refusal.InvalidValueException;
import dev.roster.refusal.Reason;
import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import java.util.Set;

/**
 * The configured roles. A role is a label: it grants nothing in this service.
 *
 * @param all the roles that a user can have
 * @param selfAssignable the roles that users may give themselves
 */
public record Roles(Set<String> all, Set<String> selfAssignable) {

    /**
     * Returns a role that a user wants to have.
     *
     * @throws InvalidValueException if there is no such role
     * @throws RefusedException {@code FORBIDDEN} if users may not give themselves this role
     */
    public Role parse(String name) {
        ChosenRole chosen = choose(name);
        if (!chosen.isSelfAssignable()) {
            throw notSelfAssignable();
        }
        return chosen.role();
    }

    /**
     * Returns a role that a user wants to have or to keep.
     *
     * @throws InvalidValueException if there is no such role
     */
    public ChosenRole choose(String name) {
        return new ChosenRole(parseAny(name), selfAssignable.contains(name));
    }

    /** Whether users have this role only if an operator has given it to them. */
    public boolean isGranted(String name) {
        return all.contains(name) && !selfAssignable.contains(name);
    }

    /** The refusal of a role that users may not give themselves. */
    public static RefusedException notSelfAssignable() {
        return new RefusedException(Refusal.FORBIDDEN, "Users may not give themselves this role.");
    }

    /**
     * Returns the role with this name.
     *
     * @throws InvalidValueException if there is no such role
     */
    public Role parseAny(String name) {
        if (!all.contains(name)) {
            throw new InvalidValueException(
                    Reason.notAllowed(all.stream().sorted().toList()));
        }
        return new Role(name);
    }
}
