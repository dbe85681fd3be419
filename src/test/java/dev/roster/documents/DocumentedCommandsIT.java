package dev.roster.documents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api.TestUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs the commands of {@code README.md} and {@code docs/}, page by page from top to bottom, in one shell a page. Their
 * addresses, such as {@code localhost:8000}, lead to the service of this test. Before a block that cannot run here
 * stands a comment {@code <!-- not run: reason -->}.
 */
class DocumentedCommandsIT {
    private static final Path README = Path.of("README.md");
    private static final Duration BLOCK_WAIT = Duration.ofMinutes(2);
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3}) ");
    private static final Pattern PROMISED = Pattern.compile("\\b([1-5]\\d\\d)\\b");

    @RegisterExtension
    static final RosterExtension ROSTER =
            new RosterExtension().with("MAIL", "mailbox").with("MAIL_LINKS", "http://localhost:8000/account");

    @TempDir
    private Path directory;

    @AfterEach
    void deleteUsers() {
        ROSTER.jdbi().useHandle(handle -> handle.execute("DELETE FROM users"));
    }

    /** The pages that have commands to run, but for the README. */
    static List<MarkdownFile> pages() throws IOException {
        return MarkdownFile.documents()
                .filter(page -> !page.path().equals(README) && !commands(page).isEmpty())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void commandsSucceed(MarkdownFile page) throws IOException {
        assertThat(statuses(run(page))).allMatch(status -> status < 400);
    }

    @Test
    void walkOfTheReadmeHasTheStatusesThatItPromises() throws IOException {
        MarkdownFile readme = MarkdownFile.read(README);
        List<Integer> promised = commands(readme).stream()
                .flatMap(block -> PROMISED.matcher(comments(block)).results())
                .map(status -> Integer.valueOf(status.group(1)))
                .toList();

        assertThat(promised).contains(201, 401);
        assertThat(statuses(run(readme))).isEqualTo(promised);
    }

    private static List<CodeBlock> commands(MarkdownFile page) {
        return page.blocks().stream()
                .filter(block -> block.isCommands() && block.reasonNotToRun() == null)
                .toList();
    }

    private static String comments(CodeBlock block) {
        return String.join(
                "\n",
                block.lines().stream().filter(line -> line.startsWith("#")).toList());
    }

    private static List<Integer> statuses(String output) {
        return STATUS.matcher(output)
                .results()
                .map(status -> Integer.valueOf(status.group(1)))
                .toList();
    }

    /** Runs the blocks of a page in one shell, and returns their output. */
    private String run(MarkdownFile page) throws IOException {
        List<CodeBlock> blocks = commands(page);
        StringBuilder script = new StringBuilder("set -euo pipefail\n");
        for (int i = 0; i < blocks.size(); i++) {
            Files.writeString(directory.resolve(i + ".sh"), blocks.get(i).text());
            script.append(". ./")
                    .append(i)
                    .append(".sh < /dev/null\ntouch ")
                    .append(i)
                    .append(".done\n");
        }
        Path output = directory.resolve("output");
        Path errors = directory.resolve("errors");
        Process shell = shell(script.toString())
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        try {
            for (int i = 0; i < blocks.size(); i++) {
                Path done = directory.resolve(i + ".done");
                Poll.until(blocks.get(i) + " ends", BLOCK_WAIT, () -> Files.exists(done) || !shell.isAlive());
                assertThat(done)
                        .as("%s fails:%n%s%n%s", blocks.get(i), Files.readString(output), Files.readString(errors))
                        .exists();
            }
        } finally {
            shell.descendants().forEach(ProcessHandle::destroyForcibly);
            shell.destroyForcibly();
        }
        return Files.readString(output);
    }

    /** A shell in a folder with the files that the commands use, and with the tokens of a user. */
    private ProcessBuilder shell(String script) throws IOException {
        for (String file : List.of("config.yml", "target", "src")) {
            Files.createSymbolicLink(directory.resolve(file), Path.of(file).toAbsolutePath());
        }
        Files.writeString(
                directory.resolve(".curlrc"),
                "silent\nconnect-to = localhost:8000:127.0.0.1:"
                        + ROSTER.api().base().getPort()
                        + "\nconnect-to = localhost:8081:127.0.0.1:"
                        + ROSTER.admin().getPort() + "\n");
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", script).directory(directory.toFile());
        TestUser user = ROSTER.api().newUser();
        Map<String, String> variables = builder.environment();
        variables.putAll(ROSTER.database().variables(Map.of()));
        variables.put("PATH", Path.of(System.getProperty("java.home"), "bin") + ":" + variables.get("PATH"));
        variables.put("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"); // starts faster
        variables.put("LC_ALL", "C.UTF-8");
        variables.put("CURL_HOME", directory.toString());
        variables.put("token", user.token());
        return builder;
    }
}
