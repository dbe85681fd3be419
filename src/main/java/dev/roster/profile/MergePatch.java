package dev.roster.profile;

import dev.roster.refusal.RefusedException;
import dev.roster.user.JsonObject;

/**
 * A change to an object: a JSON Merge Patch (RFC 7396). A null removes a member, an object changes the members of an
 * object, and every other value replaces what was there.
 *
 * @param rules of the object that it changes
 * @param text in JSON, without unsafe characters and inexact numbers
 */
public record MergePatch(ObjectRules rules, String text) {
    static final String NOTHING = "{}";

    /**
     * Returns the object that results.
     *
     * @throws RefusedException {@code INVALID} if it is changed and breaks a rule
     */
    public MergedObject mergeInto(JsonObject stored) {
        return rules.merge(stored, text);
    }

    @Override
    public String toString() {
        return "MergePatch[" + rules.member() + "]";
    }
}
