package dev.roster.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code docs/settings.md}, {@code .env.example} and the compose files agree with {@code config.yml}. */
class SettingsDocumentTest {
    private static final Pattern USE = Pattern.compile("\\$\\{([A-Z_]+)(?::-([^}]*)|:\\?[^}]*)?}");
    private static final Pattern HANDED_OVER = Pattern.compile("(?m)^ +([A-Z_]+):");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([A-Z_]+)` \\| (?:`([^`]*)`|none) \\|");
    private static final Pattern EXAMPLE = Pattern.compile("(?m)^#?([A-Z_]+)=(.*)$");
    /** The container listens on fixed ports, which the compose files publish. */
    private static final Set<String> NOT_HANDED_OVER = Set.of("API_HOST", "API_PORT", "ADMIN_PORT");

    /** Each variable's default; empty if it has none. */
    private static final Map<String, String> CONFIGURED = new TreeMap<>();

    private static final Map<String, String> COMPOSED = new TreeMap<>();
    private static final Map<String, String> DOCUMENTED = new TreeMap<>();
    private static final Map<String, String> EXAMPLES = new TreeMap<>();

    @BeforeAll
    static void read() throws IOException {
        CONFIGURED.putAll(find(USE, "config.yml"));
        COMPOSED.putAll(find(USE, "docker-compose.fleet.yml"));
        COMPOSED.putAll(find(USE, "docker-compose.ha.yml"));
        COMPOSED.putAll(find(USE, "docker-compose.yml"));
        DOCUMENTED.putAll(find(ROW, "docs/settings.md"));
        EXAMPLES.putAll(find(EXAMPLE, ".env.example"));
    }

    @Test
    void thePageHasEveryVariableAndNoOther() {
        Set<String> used = new TreeSet<>(CONFIGURED.keySet());
        used.addAll(COMPOSED.keySet());

        assertThat(DOCUMENTED.keySet()).containsExactlyElementsOf(used);
        assertThat(EXAMPLES.keySet()).containsExactlyElementsOf(used);
    }

    @Test
    void thePageHasTheDefaults() {
        assertThat(DOCUMENTED).allSatisfy((name, value) -> assertThat(DOCUMENTED.containsKey(value) ? "" : value)
                .as(name)
                .isEqualTo(CONFIGURED.getOrDefault(name, COMPOSED.getOrDefault(name, ""))));
    }

    /** {@code DATABASE_URL} and {@code POSTGRES_USER} have no default; their examples are values to change. */
    @Test
    void theExampleHasTheDefaults() {
        assertThat(EXAMPLES).allSatisfy((name, value) -> {
            String standard = CONFIGURED.getOrDefault(name, COMPOSED.getOrDefault(name, ""));
            if (!standard.isEmpty() || !Set.of("DATABASE_URL", "POSTGRES_USER").contains(name)) {
                assertThat(value).as(name).isEqualTo(standard);
            }
        });
    }

    @Test
    void theComposeFilesHaveTheSameDefaults() {
        Map<String, String> both = new HashMap<>(CONFIGURED);
        both.keySet().retainAll(COMPOSED.keySet());

        assertThat(both).allSatisfy((name, value) -> {
            if (!value.isEmpty()) {
                assertThat(COMPOSED.get(name)).as(name).isEqualTo(value);
            }
        });
    }

    @Test
    void theComposeFileHandsEveryVariableOver() throws IOException {
        Set<String> expected = new TreeSet<>(CONFIGURED.keySet());
        expected.removeAll(NOT_HANDED_OVER);

        assertThat(find(HANDED_OVER, "docker-compose.yml").keySet()).containsAll(expected);
    }

    private static Map<String, String> find(Pattern pattern, String file) throws IOException {
        Map<String, String> found = new TreeMap<>();
        pattern.matcher(Files.readString(Path.of(file))).results().forEach(match -> {
            String value = match.groupCount() < 2 || match.group(2) == null ? "" : match.group(2);
            found.merge(match.group(1), value, (one, other) -> one.isEmpty() ? other : one);
        });
        return found;
    }
}
