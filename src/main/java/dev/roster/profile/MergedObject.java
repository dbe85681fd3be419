package dev.roster.profile;

import dev.roster.user.JsonObject;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An object after a change.
 *
 * @param member the member of the user that has the object, such as {@code profile}
 * @param changed the names of the object's own members that the change added, replaced or removed
 */
public record MergedObject(String member, JsonObject object, List<String> changed) {
    /** A name that can be a word of an audit event. */
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_-]{1,32}");

    public boolean isChanged() {
        return !changed.isEmpty();
    }

    /**
     * Names what changed, for the audit event: {@code profile-city,profile-theme}. All names that cannot be such words
     * appear as one word, {@code profile}.
     */
    public String details() {
        Stream<String> words =
                changed.stream().filter(name -> WORD.matcher(name).matches()).map(name -> member + "-" + name);
        boolean isUnnamed =
                changed.stream().anyMatch(name -> !WORD.matcher(name).matches());
        return Stream.concat(isUnnamed ? Stream.of(member) : Stream.of(), words.sorted())
                .collect(Collectors.joining(","));
    }
}
