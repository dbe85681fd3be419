package dev.roster;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Limits on the size of constructors, packages, lines and the application class. */
@AnalyzeClasses(packages = "dev.roster", importOptions = ImportOption.DoNotIncludeTests.class)
class LayoutTest {
    private static final int MAX_PARAMETERS = 6;
    private static final int MAX_CLASSES = 14;
    private static final int MAX_LINE = 120;
    private static final int MAX_APPLICATION_LINES = 160;
    private static final int MAX_RUN_LINES = 40;
    private static final int MAX_WIRE_LINES = 50;
    private static final Path APPLICATION = Path.of("src/main/java/dev/roster/RosterApplication.java");

    /** Records carry data: their parameters are their columns or members. */
    @ArchTest
    static void constructorsHaveAtMostSixParameters(JavaClasses classes) {
        assertThat(classes.stream()
                        .filter(type -> !type.isRecord() && !type.isEnum())
                        .filter(type -> !type.isEquivalentTo(RosterConfiguration.class))
                        .flatMap(type -> type.getConstructors().stream())
                        .filter(constructor -> parameters(constructor) > MAX_PARAMETERS)
                        .map(JavaConstructor::getFullName))
                .isEmpty();
    }

    private static int parameters(JavaConstructor constructor) {
        return constructor.getRawParameterTypes().size();
    }

    @ArchTest
    static void packagesHaveAtMostFourteenClasses(JavaClasses classes) {
        Map<String, Integer> sizes = new TreeMap<>();
        classes.stream()
                .filter(type -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
                .map(JavaClass::getPackageName)
                .forEach(name -> sizes.merge(name, 1, Integer::sum));

        assertThat(sizes).isNotEmpty();
        sizes.values().removeIf(size -> size <= MAX_CLASSES);
        assertThat(sizes).isEmpty();
    }

    @Test
    void linesOfCodeHaveAtMost120Characters() throws IOException {
        List<String> tooLong = new ArrayList<>();
        for (Path root : List.of(Path.of("src"), Path.of("bench"), Path.of("clients"), Path.of("deploy"))) {
            if (Files.exists(root)) {
                try (Stream<Path> files = Files.walk(root)) {
                    for (Path file : files.filter(path -> path.toString().endsWith(".java"))
                            .filter(path -> !path.toString().contains("target"))
                            .toList()) {
                        List<String> lines = Files.readAllLines(file);
                        for (int i = 0; i < lines.size(); i++) {
                            if (lines.get(i).length() > MAX_LINE) {
                                tooLong.add(file + ":" + (i + 1));
                            }
                        }
                    }
                }
            }
        }

        assertThat(tooLong).isEmpty();
    }

    @Test
    void applicationClassStaysShort() throws IOException {
        List<String> lines = Files.readAllLines(APPLICATION);

        assertThat(lines).hasSizeLessThan(MAX_APPLICATION_LINES);
        assertThat(methodLength(lines, "    public void run(")).isLessThan(MAX_RUN_LINES);
        assertThat(methodLength(lines, "    static Operators wire(")).isLessThan(MAX_WIRE_LINES);
    }

    private static int methodLength(List<String> lines, String start) {
        int first = 0;
        while (!lines.get(first).startsWith(start)) {
            first++;
        }
        int last = first;
        while (!lines.get(last).equals("    }")) {
            last++;
        }
        return last - first + 1;
    }
}
