package dev.roster.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What other files of the project say. */
final class Project {
    private static final Path ROOT = Path.of("..");
    private static final Pattern SETTING = Pattern.compile("(?m)^\\| `([A-Z_]+)` \\|");
    private static final Pattern GRACE = Pattern.compile("(?m)^  shutdownGracePeriod: ([0-9]+)s$");
    private static final Pattern USER = Pattern.compile("(?m)^USER ([0-9]+):([0-9]+)$");
    private static final Pattern EXPOSED = Pattern.compile("(?m)^EXPOSE ([0-9 ]+)$");

    private Project() {}

    /** The environment variables that the service knows. */
    static Set<String> settings() throws IOException {
        return SETTING.matcher(read("docs/settings.md"))
                .results()
                .map(row -> row.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** How many seconds a stopping node gives the requests under way. */
    static int graceSeconds() throws IOException {
        return Integer.parseInt(find(GRACE, "config.yml").group(1));
    }

    /** The user of the image. */
    static int uid() throws IOException {
        return Integer.parseInt(find(USER, "Dockerfile").group(1));
    }

    /** The ports of the API and the admin port. */
    static List<Integer> ports() throws IOException {
        return List.of(find(EXPOSED, "Dockerfile").group(1).split(" ")).stream()
                .map(Integer::valueOf)
                .toList();
    }

    private static MatchResult find(Pattern pattern, String file) throws IOException {
        return pattern.matcher(read(file)).results().findFirst().orElseThrow(() -> new AssertionError(file));
    }

    private static String read(String file) throws IOException {
        return Files.readString(ROOT.resolve(file));
    }
}
