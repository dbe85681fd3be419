package dev.roster.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The blocks of commands in {@code README.md} and {@code docs/}, which {@link DocumentedCommandsIT} runs. */
class CodeBlocksTest {
    /** Other names for a shell: a block under one of these would never run. */
    private static final Set<String> OTHER_NAMES = Set.of("sh", "shell", "console", "zsh", "shell-session");

    /** What a test cannot run. */
    private static final Pattern FOREIGN =
            Pattern.compile("(?m)^(?:[A-Z_]+=\\S+ )*(?:mvn|docker|docker-compose|sudo|apt|"
                    + "apt-get|systemctl|npm|npx|kubectl|helm|openapi-generator-cli) ?.*");

    @Test
    void blockThatCannotRunSaysWhy() throws IOException {
        assertThat(blocks())
                .filteredOn(block -> block.isCommands() && block.reasonNotToRun() == null)
                .isNotEmpty()
                .noneMatch(block -> FOREIGN.matcher(block.text()).find());
    }

    @Test
    void everyReasonStandsBeforeABlock() throws IOException {
        assertThat(MarkdownFile.documents()
                        .flatMap(page -> page.lines().stream())
                        .filter(line -> line.strip().startsWith("<!-- not run")))
                .hasSameSizeAs(blocks().stream()
                        .filter(block -> block.isCommands() && block.reasonNotToRun() != null)
                        .toList());
    }

    @Test
    void noBlockHasAnotherNameForAShell() throws IOException {
        assertThat(blocks()).noneMatch(block -> OTHER_NAMES.contains(block.language()));
    }

    private static List<CodeBlock> blocks() throws IOException {
        return MarkdownFile.documents().flatMap(page -> page.blocks().stream()).toList();
    }
}
