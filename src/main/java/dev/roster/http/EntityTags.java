package dev.roster.http;

import jakarta.ws.rs.core.EntityTag;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Entity tags (RFC 9110, section 8.8.3) and the conditional headers that list them. A user's tag is its version. */
public final class EntityTags {
    // One tag of a list and the separator after it. Empty elements are skipped (RFC 9110, section 5.6.1).
    private static final Pattern NEXT_TAG = Pattern.compile(
            "\\G[ \\t,]*+(?<weak>W/)?\"(?<tag>[\\x21\\x23-\\x7e\\x80-\\xff]*+)\"[ \\t]*+(?:,[ \\t,]*+|\\z)");
    private static final Pattern VERSION = Pattern.compile("[1-9][0-9]{0,17}");

    private EntityTags() {}

    public static EntityTag of(long version) {
        return new EntityTag(Long.toString(version));
    }

    /**
     * The versions that an {@code If-Match} header allows; null if it allows all, absent or {@code *}. Weak tags and
     * tags that are not versions match nothing (RFC 9110, section 13.1.1).
     */
    public static @Nullable List<Long> versions(@Nullable String ifMatch) {
        if (ifMatch == null || isAny(ifMatch)) {
            return null;
        }
        return parse(ifMatch).stream()
                .filter(tag -> !tag.weak() && VERSION.matcher(tag.text()).matches())
                .map(tag -> Long.valueOf(tag.text()))
                .toList();
    }

    /** Whether an {@code If-None-Match} header lists this tag; weak or strong (RFC 9110, section 13.1.2). */
    public static boolean isListed(EntityTag tag, @Nullable String ifNoneMatch) {
        return ifNoneMatch != null
                && (isAny(ifNoneMatch)
                        || parse(ifNoneMatch).stream()
                                .anyMatch(listed -> listed.text().equals(tag.getValue())));
    }

    private static boolean isAny(String header) {
        return header.strip().equals("*");
    }

    /** The tags of a list; none if it is malformed. */
    private static List<Tag> parse(String header) {
        List<Tag> tags = new ArrayList<>();
        Matcher next = NEXT_TAG.matcher(header);
        int end = 0;
        while (next.find()) {
            tags.add(new Tag(next.group("weak") != null, next.group("tag")));
            end = next.end();
        }
        return end == header.length() ? tags : List.of();
    }

    private record Tag(boolean weak, String text) {}
}
