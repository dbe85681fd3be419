package dev.roster.documents;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A fenced block of code in a Markdown file.
 *
 * @param line the number of its first line
 * @param language what stands behind the first fence
 * @param before the last line of text before it
 */
record CodeBlock(Path page, int line, String language, String before, List<String> lines) {
    static final Pattern NOT_RUN = Pattern.compile("<!-- not run: (\\S.*\\S) -->");

    /** Why the block does not run in a test; null if it does. */
    @Nullable
    String reasonNotToRun() {
        Matcher marker = NOT_RUN.matcher(before);
        return marker.matches() ? marker.group(1) : null;
    }

    boolean isCommands() {
        return language.equals("bash");
    }

    String text() {
        return String.join("\n", lines) + "\n";
    }

    @Override
    public String toString() {
        return page + ":" + line;
    }
}
