package dev.roster.http;

import jakarta.ws.rs.core.EntityTag;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Entity tags (RFC 9110, section 8.8.3): the version of a user's row, between quotes. */
public final class EntityTags {
    private static final Pattern TAG = Pattern.compile("(W/)?\"([\\x21\\x23-\\x7e\\x80-\\xff]*)\"");
    private static final Pattern VERSION = Pattern.compile("[1-9][0-9]{0,17}");

    private EntityTags() {}

    /** The tag of this version. */
    public static EntityTag of(long version) {
        return new EntityTag(Long.toString(version));
    }

    /**
     * The versions that an {@code If-Match} header lets through; null where it lets every one through, being absent or
     * {@code *}. Weak tags match nothing (RFC 9110, section 13.1.1), nor does what is no tag of ours.
     */
    public static @Nullable List<Long> versions(@Nullable String ifMatch) {
        if (ifMatch == null || ifMatch.strip().equals("*")) {
            return null;
        }
        List<Long> versions = new ArrayList<>();
        Matcher tag = TAG.matcher(ifMatch);
        while (tag.find()) {
            if (tag.group(1) == null && VERSION.matcher(tag.group(2)).matches()) {
                versions.add(Long.valueOf(tag.group(2)));
            }
        }
        return versions;
    }
}
