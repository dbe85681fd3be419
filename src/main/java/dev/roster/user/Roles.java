package dev.roster.user;

import dev.roster.refusal.InvalidValueException;
import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import java.util.Set;

/**
 * The roles that this service knows. A role is a label: it grants nothing here.
 *
 * @param all every role that a user may have
 * @param selfAssignable those that people may give themselves
 */
public record Roles(Set<String> all, Set<String> selfAssignable) {

    /**
     * The role of this name, where people may take it.
     *
     * @throws InvalidValueException where there is no such role
     * @throws RefusedException where there is one that people may not give themselves
     */
    public Role parse(String name) {
        Role role = parseAny(name);
        if (!selfAssignable.contains(name)) {
            throw new RefusedException(Refusal.FORBIDDEN, "This role is not one that people give themselves.");
        }
        return role;
    }

    /**
     * The role of this name, whether or not people may take it.
     *
     * @throws InvalidValueException where there is no such role
     */
    public Role parseAny(String name) {
        if (!all.contains(name)) {
            throw new InvalidValueException(
                    "must be one of: " + String.join(", ", all.stream().sorted().toList()));
        }
        return new Role(name);
    }
}
