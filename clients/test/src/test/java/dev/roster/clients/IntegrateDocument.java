package dev.roster.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The blocks of {@code docs/integrate.md}, with addresses of tests. */
final class IntegrateDocument {
    private static final Path PAGE = Path.of("../../docs/integrate.md");
    private static final String ROSTER = "https://roster.example.org";
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w+)\\n(.*?)^```$");

    private IntegrateDocument() {}

    /**
     * A block of this language below a heading, for this service.
     *
     * @param heading without the number signs
     * @param index counts the blocks of the language below the heading
     */
    static String block(String heading, String language, int index, SigningRoster roster) throws IOException {
        String page = Files.readString(PAGE);
        int start = page.indexOf("\n## " + heading + "\n");
        assertThat(start).as(heading).isPositive();
        List<String> blocks = BLOCK.matcher(page)
                .region(start, page.length())
                .results()
                .filter(block -> block.group(1).equals(language))
                .map(block -> block.group(2))
                .toList();
        return blocks.get(index).replace(ROSTER, roster.issuer());
    }

    /** Compiles a class with the libraries of this test, without annotation processors. */
    static void compile(Path directory, String className, String source) throws IOException {
        Path file = Files.writeString(directory.resolve(className + ".java"), source);
        JavaCompiler compiler = requireNonNull(ToolProvider.getSystemJavaCompiler());
        StringWriter messages = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, UTF_8)) {
            List<String> options = List.of(
                    "-proc:none",
                    "-parameters",
                    "-d",
                    directory.toString(),
                    "-classpath",
                    System.getProperty("java.class.path"));
            boolean compiles = compiler.getTask(messages, files, null, options, null, files.getJavaFileObjects(file))
                    .call();
            assertThat(compiles).as(messages.toString()).isTrue();
        }
    }
}
