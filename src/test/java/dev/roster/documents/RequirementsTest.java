package dev.roster.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The ids of requirements that comments cite, such as V3, are defined in {@code docs/security.md}. */
class RequirementsTest {
    private static final Pattern COMMENT = Pattern.compile("(?m)^ *(?:/\\*\\*|\\*|//) .*$");
    private static final Pattern CITED = Pattern.compile("(?<![\\w./{-])[A-FHLNR-TVZ]\\d{1,2}(?![\\w.])");
    private static final Pattern DEFINED = Pattern.compile("(?m)^\\| ([A-Z]\\d{1,2}) \\|");

    @Test
    void everyCitedRequirementIsDefined() throws IOException {
        Set<String> defined = DEFINED.matcher(Files.readString(Path.of("docs/security.md")))
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toSet());

        Map<String, String> cited = cited();
        assertThat(cited).isNotEmpty();
        cited.keySet().removeAll(defined);
        assertThat(cited).isEmpty();
    }

    /** An id, and a file that cites it. */
    private static Map<String, String> cited() throws IOException {
        Map<String, String> cited = new TreeMap<>();
        try (Stream<Path> files = Files.walk(Path.of("src"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                COMMENT.matcher(Files.readString(file))
                        .results()
                        .map(MatchResult::group)
                        .flatMap(comment -> CITED.matcher(comment).results())
                        .forEach(id -> cited.put(id.group(), file.toString()));
            }
        }
        return cited;
    }
}
