package dev.roster.documents;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A Markdown file as GitHub shows it: its links and the anchors of its headings. */
record MarkdownFile(Path path, List<String> lines) {
    private static final Set<String> SKIPPED = Set.of(".git", ".local", "node_modules", "target");
    private static final String FENCE = "```";
    private static final Pattern CODE = Pattern.compile("`[^`]*`");
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("#{1,6} (.*)");
    private static final Pattern NOT_IN_ANCHORS = Pattern.compile("[^\\p{L}\\p{N} _-]");

    /** Every Markdown file of the project. */
    static List<MarkdownFile> all() throws IOException {
        return projectFiles().stream()
                .filter(file -> file.toString().endsWith(".md"))
                .map(MarkdownFile::read)
                .toList();
    }

    /** The README and the pages in {@code docs/}. */
    static Stream<MarkdownFile> documents() throws IOException {
        return all().stream()
                .filter(file ->
                        file.path().equals(Path.of("README.md")) || file.path().startsWith("docs"));
    }

    /** Every file of the project, without what builds and runs leave behind. */
    static List<Path> projectFiles() throws IOException {
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(Path.of(""), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return SKIPPED.contains(folder.getFileName().toString())
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                found.add(file);
                return FileVisitResult.CONTINUE;
            }
        });
        return found;
    }

    static MarkdownFile read(Path path) {
        try {
            return new MarkdownFile(path, Files.readAllLines(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The targets of all links, without those in code. */
    List<String> links() {
        return text().stream()
                .map(line -> CODE.matcher(line).replaceAll("code"))
                .flatMap(line -> LINK.matcher(line).results())
                .map(link -> link.group(1))
                .toList();
    }

    /** The anchors of all headings. A heading that repeats another gets a number. */
    Set<String> anchors() {
        Set<String> anchors = new HashSet<>();
        Map<String, Integer> seen = new HashMap<>();
        for (String line : text()) {
            var heading = HEADING.matcher(line);
            if (heading.matches()) {
                String anchor = anchor(heading.group(1));
                int count = seen.merge(anchor, 1, Integer::sum);
                anchors.add(count == 1 ? anchor : anchor + "-" + (count - 1));
            }
        }
        return anchors;
    }

    private static String anchor(String heading) {
        String shown = LINK.matcher(heading)
                .replaceAll(link -> link.group().substring(1, link.group().indexOf(']')));
        return NOT_IN_ANCHORS
                .matcher(shown.strip().toLowerCase(Locale.ROOT))
                .replaceAll("")
                .replace(' ', '-');
    }

    /** All code blocks, in order, without the indentation of those in lists. */
    List<CodeBlock> blocks() {
        List<CodeBlock> blocks = new ArrayList<>();
        String before = "";
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (isFence(line)) {
                int indent = line.indexOf(FENCE);
                int end = i + 1;
                while (!lines.get(end).strip().equals(FENCE)) {
                    end++;
                }
                List<String> code = lines.subList(i + 1, end).stream()
                        .map(each -> each.substring(Math.min(indent, each.length())))
                        .toList();
                blocks.add(new CodeBlock(path, i + 1, line.substring(indent + FENCE.length()), before, code));
                i = end;
                before = "";
            } else if (!line.isBlank()) {
                before = line.strip();
            }
        }
        return blocks;
    }

    /** The lines outside of code blocks. */
    private List<String> text() {
        List<String> text = new ArrayList<>();
        boolean isCode = false;
        for (String line : lines) {
            if (isFence(line)) {
                isCode = !isCode;
            } else if (!isCode) {
                text.add(line);
            }
        }
        return text;
    }

    private static boolean isFence(String line) {
        return line.stripLeading().startsWith(FENCE);
    }

    /** Why a link of this file is broken; empty if it works, or leads out of the project. */
    String fault(String link) {
        URI target = URI.create(link);
        if (target.getScheme() != null) {
            return "";
        }
        Path folder = path.toAbsolutePath().getParent();
        Path file = target.getPath().isEmpty() || folder == null
                ? path.toAbsolutePath()
                : folder.resolve(target.getPath()).normalize();
        if (!file.startsWith(Path.of("").toAbsolutePath()) || !Files.exists(file)) {
            return "no such file";
        }
        String anchor = target.getFragment();
        return anchor == null || read(file).anchors().contains(anchor) ? "" : "no such heading";
    }
}
