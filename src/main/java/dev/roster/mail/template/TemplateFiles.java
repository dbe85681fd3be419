package dev.roster.mail.template;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import dev.roster.settings.StartRefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Compiles templates. Takes each from the operator's folder, or, if the folder lacks it, the built-in one. */
final class TemplateFiles {
    private static final String SETTING = "MAIL_TEMPLATES";

    private final @Nullable Path folder;
    private final Set<String> used = new HashSet<>();

    TemplateFiles(@Nullable Path folder) {
        if (folder != null && !Files.isDirectory(folder)) {
            throw refused("names no folder that can be read");
        }
        this.folder = folder;
    }

    /** @throws StartRefusedException if the file cannot be read, is no template, or uses a value that is not given */
    Template compile(String name, Mustache.Compiler compiler, Set<String> values) {
        used.add(name);
        String source = read(name);
        Template template;
        try {
            template = compiler.compile(source);
        } catch (RuntimeException e) { // for some tags, the library throws its own exceptions; for {{}}, Java's
            throw refused("its file " + name + " is no template: "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
        template.visit(new TagCheck(name, values));
        return template;
    }

    private String read(String name) {
        try {
            if (folder != null && Files.exists(folder.resolve(name))) {
                return Files.readString(folder.resolve(name));
            }
        } catch (IOException e) {
            throw refused("its file " + name + " cannot be read as text in UTF-8");
        }
        try (InputStream in = Objects.requireNonNull(TemplateFiles.class.getResourceAsStream("/mail/" + name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Refuses files with a misspelt name: such a file would replace nothing, and nobody would notice. */
    void refuseUnused() {
        if (folder == null) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".txt") || name.endsWith(".html"))
                    .filter(name -> !used.contains(name))
                    .sorted()
                    .findFirst()
                    .ifPresent(name -> {
                        throw refused("its file " + name + " is not named like a template");
                    });
        } catch (IOException e) {
            throw refused("names no folder that can be read");
        }
    }

    private static StartRefusedException refused(String reason) {
        return new StartRefusedException(SETTING, reason);
    }

    /** Refuses tags that would make the first mail fail, or would appear in its text. */
    private record TagCheck(String file, Set<String> values) implements Mustache.Visitor {
        private static final Set<String> VALUE_OF_SECTION = Set.of(".", "this");

        @Override
        public void visitText(String text) {
            if (text.contains("{{")) {
                throw refused("its file " + file + " has a tag that does not end");
            }
        }

        @Override
        public void visitVariable(String name) {
            if (!VALUE_OF_SECTION.contains(name)) {
                check(name);
            }
        }

        @Override
        public boolean visitSection(String name) {
            check(name);
            return true;
        }

        @Override
        public boolean visitInvertedSection(String name) {
            check(name);
            return true;
        }

        @Override
        public boolean visitInclude(String name) {
            throw refused("its file " + file + " includes " + name + "; a template cannot include another");
        }

        @Override
        public boolean visitParent(String name) {
            return visitInclude(name);
        }

        @Override
        public boolean visitBlock(String name) {
            return true;
        }

        private void check(String name) {
            if (!values.contains(name)) {
                throw refused("its file " + file + " uses " + name + ", which is no value of this mail");
            }
        }
    }
}
