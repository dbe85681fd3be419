package dev.roster.http.condition;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The lists of entity tags in {@code If-Match} and {@code If-None-Match} (RFC 9110, section 8.8.3).
 *
 * <p>Proxies that compress answers alter the tags: nginx sends {@code W/"1"} for {@code "1"}, Apache {@code "1-gzip"}.
 * The service sends strong tags only, and none that ends like that. So an altered tag still names one state, and it
 * matches the tag from which the proxy made it, in both headers.
 */
final class EntityTags {
    // One tag of a list and the separator after it. Empty elements are skipped (RFC 9110, section 5.6.1).
    private static final Pattern NEXT_TAG =
            Pattern.compile("\\G[ \\t,]*+(?:W/)?\"(?<tag>[\\x21\\x23-\\x7e\\x80-\\xff]*+)\"[ \\t]*+(?:,[ \\t,]*+|\\z)");

    private static final Pattern CODING = Pattern.compile("[-;:+]{1,2}(?:gzip|br|zstd|deflate)\\z");

    private EntityTags() {}

    /** Whether a list contains a tag of this representation, or is {@code *}. A malformed list contains none. */
    static boolean isListed(String header, Validators current) {
        if (isAny(header)) {
            return true;
        }
        Matcher next = NEXT_TAG.matcher(header);
        boolean isListed = false;
        int end = 0;
        while (next.find()) {
            String tag = next.group("tag");
            isListed = isListed
                    || current.hasTag(tag)
                    || current.hasTag(CODING.matcher(tag).replaceFirst(""));
            end = next.end();
        }
        return isListed && end == header.length();
    }

    static boolean isAny(String header) {
        return header.strip().equals("*");
    }
}
