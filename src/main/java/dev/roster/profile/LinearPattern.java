package dev.roster.profile;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import com.networknt.schema.SchemaException;
import com.networknt.schema.regex.RegularExpression;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;

/**
 * A regular expression of a schema. RE2 matches it in time proportional to the length of the text, so no text that a
 * person sends keeps the service busy. RE2 has no look-around and no back-references.
 */
final class LinearPattern implements RegularExpression {
    /** ECMA-262 writes <code>&#92;u00e9</code> where RE2 writes <code>&#92;x{00e9}</code>. */
    private static final java.util.regex.Pattern ESCAPE = java.util.regex.Pattern.compile(
            "\\\\(?:u([0-9A-Fa-f]{4})|u\\{([0-9A-Fa-f]{1,6})}|.)", java.util.regex.Pattern.DOTALL);

    private final Pattern pattern;

    private LinearPattern(Pattern pattern) {
        this.pattern = pattern;
    }

    /** @throws SchemaException if RE2 does not know the expression */
    static LinearPattern of(String expression) {
        String inRe2 = ESCAPE.matcher(expression).replaceAll(escape -> Matcher.quoteReplacement(inRe2(escape)));
        try {
            return new LinearPattern(Pattern.compile(inRe2));
        } catch (PatternSyntaxException e) {
            throw new SchemaException("the pattern " + expression
                    + " is not one of RE2, which has no look-around and no back-references");
        }
    }

    private static String inRe2(MatchResult escape) {
        String number = escape.group(1) == null ? escape.group(2) : escape.group(1);
        return number == null ? escape.group() : "\\x{" + number + "}";
    }

    @Override
    public boolean matches(String text) {
        return pattern.matcher(text).find();
    }
}
