package dev.roster.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The commands in {@code docs/clients.md} generate what the build in {@code clients/} tries. */
class ClientsDocumentTest {
    private static final String JAVA = "clients/java/pom.xml";
    private static final String TYPESCRIPT = "clients/test/pom.xml";
    private static final Pattern VERSION = Pattern.compile("\"version\": \"([^\"]+)\"");
    private static final Pattern PLUGIN =
            Pattern.compile("<artifactId>openapi-generator-maven-plugin</artifactId>\\s*<version>([^<]+)</version>");
    private static final Pattern OPTIONS = Pattern.compile("-g (\\S+) .*?--additional-properties (\\S+)");
    private static final Pattern CONFIGURED = Pattern.compile("(?s)<configOptions>(.*?)</configOptions>");
    private static final Pattern OPTION = Pattern.compile("<(\\w+)>([^<]+)</");

    @Test
    void documentNamesTheVersionThatTheBuildTries() throws IOException {
        String version = only(VERSION, "docs/clients.md");

        assertThat(only(PLUGIN, JAVA)).isEqualTo(version);
        assertThat(only(PLUGIN, TYPESCRIPT)).isEqualTo(version);
    }

    @Test
    void documentNamesTheOptionsThatTheBuildTries() throws IOException {
        List<MatchResult> commands = OPTIONS.matcher(Files.readString(Path.of("docs/clients.md")))
                .results()
                .toList();

        assertThat(commands).extracting(command -> command.group(1)).containsExactly("typescript-fetch", "java");
        assertThat(documented(commands.get(0))).isEqualTo(configured(TYPESCRIPT));
        assertThat(documented(commands.get(1))).isEqualTo(configured(JAVA));
    }

    private static Set<String> documented(MatchResult command) {
        return new TreeSet<>(Arrays.asList(command.group(2).split(",")));
    }

    private static Set<String> configured(String pom) throws IOException {
        return OPTION.matcher(only(CONFIGURED, pom))
                .results()
                .map(option -> option.group(1) + "=" + option.group(2))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String only(Pattern pattern, String file) throws IOException {
        List<String> found = pattern.matcher(Files.readString(Path.of(file)))
                .results()
                .map(match -> match.group(1))
                .toList();
        assertThat(found).as(file).hasSize(1);
        return found.get(0);
    }
}
