package dev.roster.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Checks what all Markdown files refer to, and the length of the README. */
class LinksTest {
    private static final int README_LINES = 250;
    private static final Pattern TEST = Pattern.compile("(?<![*\\w])[A-Z][A-Za-z]*[a-z](IT|Test)\\b");

    @Test
    void everyRelativeLinkLeadsToAFileAndAHeading() throws IOException {
        List<String> broken = MarkdownFile.all().stream()
                .flatMap(file -> file.links().stream()
                        .filter(link -> !file.fault(link).isEmpty())
                        .map(link -> file.path() + ": " + link + ": " + file.fault(link)))
                .toList();

        assertThat(broken).isEmpty();
    }

    @Test
    void everyDocumentIsLinkedFromAnIndex() throws IOException {
        List<String> linked = List.of(Path.of("README.md"), Path.of("docs/decisions/README.md")).stream()
                .map(MarkdownFile::read)
                .flatMap(index -> index.links().stream())
                .map(link -> Path.of(link).getFileName().toString())
                .toList();

        assertThat(MarkdownFile.all().stream().map(MarkdownFile::path).filter(file -> file.startsWith("docs")))
                .isNotEmpty()
                .allSatisfy(
                        file -> assertThat(linked).contains(file.getFileName().toString()));
    }

    @Test
    void everyTestThatADocumentNamesExists() throws IOException {
        Set<String> missing = MarkdownFile.all().stream()
                .flatMap(file -> file.lines().stream())
                .flatMap(line -> TEST.matcher(line).results())
                .map(test -> test.group() + ".java")
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(missing).isNotEmpty();

        MarkdownFile.projectFiles()
                .forEach(file -> missing.remove(file.getFileName().toString()));
        assertThat(missing).isEmpty();
    }

    @Test
    void theReadmeIsShort() {
        assertThat(MarkdownFile.read(Path.of("README.md")).lines()).hasSizeLessThanOrEqualTo(README_LINES);
    }

    /** Adminer asks for the password alone. Its parameter for PostgreSQL is named after the driver. */
    @Test
    void theReadmeLinksToAdminerWithTheDatabaseOfTheExample() throws IOException {
        List<String> example = Files.readAllLines(Path.of(".env.example"));
        assertThat(example).contains("#ADMINER_PORT=8080", "POSTGRES_USER=roster", "POSTGRES_DB=roster");
        assertThat(Files.readAllLines(Path.of("docker-compose.yml"))).contains("  db:");

        assertThat(MarkdownFile.read(Path.of("README.md")).links())
                .contains("http://localhost:8080/?pgsql=db&username=roster&db=roster&ns=public");
    }

    @Test
    void anchorsFollowTheRulesOfGitHub() {
        MarkdownFile file = new MarkdownFile(
                Path.of("a.md"),
                List.of(
                        "# Calls from web pages (CORS)",
                        "## `a_b` and [c](d.md): e-f",
                        "## Twice",
                        "```",
                        "# code",
                        "```",
                        "## Twice"));

        assertThat(file.anchors())
                .containsExactlyInAnyOrder("calls-from-web-pages-cors", "a_b-and-c-e-f", "twice", "twice-1");
    }

    @Test
    void brokenLinksAreFound() {
        MarkdownFile file = new MarkdownFile(
                Path.of("a.md"),
                List.of(
                        "[a](README.md#run-it) [b](https://example.org) `[code](nowhere)`",
                        "[c](nowhere.md) [d](README.md#nowhere) [e](#nowhere)"));

        assertThat(file.links())
                .containsExactly(
                        "README.md#run-it", "https://example.org", "nowhere.md", "README.md#nowhere", "#nowhere");
        assertThat(file.links().subList(0, 2))
                .allSatisfy(link -> assertThat(file.fault(link)).isEmpty());
        assertThat(file.fault("nowhere.md")).isEqualTo("no such file");
        assertThat(file.fault("README.md#nowhere")).isEqualTo("no such heading");
    }
}
