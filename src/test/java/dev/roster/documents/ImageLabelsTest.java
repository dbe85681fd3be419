package dev.roster.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The labels of the image agree with {@code pom.xml}. */
class ImageLabelsTest {
    @ParameterizedTest
    @CsvSource({
        "title, (?s)<artifactId>roster</artifactId>.*?<name>(.+?)</name>",
        "description, <description>(.+)</description>",
        "version, <artifactId>roster</artifactId>\\s*<version>(.+)</version>",
        "licenses, (?s)<license>\\s*<name>(.+?)</name>"
    })
    void labelIsThatOfTheProject(String label, String element) throws IOException {
        String expected = find("pom.xml", element);

        assertThat(find("Dockerfile", "org\\.opencontainers\\.image\\." + label + "=\"(.+)\""))
                .isEqualTo(expected);
    }

    private static String find(String file, String pattern) throws IOException {
        Matcher found = Pattern.compile(pattern).matcher(Files.readString(Path.of(file)));
        assertThat(found.find()).as("%s in %s", pattern, file).isTrue();
        return found.group(1);
    }
}
