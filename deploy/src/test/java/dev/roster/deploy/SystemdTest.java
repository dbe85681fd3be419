package dev.roster.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The unit for systemd, and the script that it starts. */
class SystemdTest {
    private static final Path FILES = Path.of("systemd");
    private static final String UNITS = "/usr/lib/systemd/system";
    private static final Pattern VARIABLE = Pattern.compile("(?m)^([A-Z_]+)=");
    private static final Pattern CREDENTIAL = Pattern.compile("(?m)^LoadCredential=([A-Z_]+):(.*)$");
    private static final Pattern STOP = Pattern.compile("(?m)^TimeoutStopSec=([0-9]+)$");

    @TempDir
    Path root;

    private String unit = "";

    /** A file system in which the unit is installed, as systemd-analyze sees it. */
    @BeforeEach
    void install() throws IOException, InterruptedException {
        unit = Files.readString(FILES.resolve("roster.service"));
        for (String directory : List.of("usr/lib/systemd/system", "etc/systemd/system", "opt/roster")) {
            Files.createDirectories(root.resolve(directory));
        }
        String copies = root.resolve("usr/lib/systemd/system").toString();
        Command units = // without links, of which JUnit would warn when it deletes them
                Command.run("find", UNITS, "-maxdepth", "1", "-type", "f", "-exec", "cp", "-t", copies, "{}", "+");
        assertThat(units).isEqualTo(new Command(0, ""));
        Files.copy(FILES.resolve("roster"), root.resolve("opt/roster/roster"), StandardCopyOption.COPY_ATTRIBUTES);
    }

    @Test
    void unitIsValid() throws IOException, InterruptedException {
        assertThat(verify(unit)).isEqualTo(new Command(0, ""));
    }

    /** The test above would notice these mistakes. */
    @Test
    void mistakesAreDetected() throws IOException, InterruptedException {
        assertThat(verify(unit.replace("Restart=", "Restrat=")).output()).contains("Unknown key");
        assertThat(verify(unit.replace("RestartSec=2", "RestartSec=soon")).output())
                .contains("Failed to parse");
        assertThat(verify(unit.replace("@system-service", "@service")).output()).contains("@service");
        assertThat(verify(unit.replace("/opt/roster/roster", "/opt/roster/rooster"))
                        .exitCode())
                .isPositive();
    }

    /** Of 10; less is better. */
    @Test
    void exposureIsBelowTwo() throws IOException, InterruptedException {
        assertThat(exposure(unit, 20).exitCode()).isZero();
        assertThat(exposure(unit.replace("SystemCallFilter=", "# "), 20).exitCode())
                .isPositive();
    }

    @Test
    void everySettingExists() throws IOException {
        Set<String> settings = Project.settings();

        assertThat(VARIABLE.matcher(Files.readString(FILES.resolve("roster.env")))
                        .results()
                        .map(line -> line.group(1)))
                .contains("DATABASE_URL", "POSTGRES_USER")
                .isSubsetOf(settings);
        assertThat(CREDENTIAL.matcher(unit).results().map(line -> line.group(1)))
                .containsExactly("JWT_SECRET_KEY", "POSTGRES_PASSWORD")
                .isSubsetOf(settings);
        assertThat(CREDENTIAL.matcher(unit).results())
                .allSatisfy(line -> assertThat(line.group(2)).isEqualTo("/etc/roster/credentials/" + line.group(1)));
    }

    @Test
    void stopWaitsForRequestsUnderWay() throws IOException {
        int seconds = STOP.matcher(unit)
                .results()
                .map(line -> Integer.valueOf(line.group(1)))
                .findAny()
                .orElseThrow();

        assertThat(seconds).isGreaterThan(Project.graceSeconds());
    }

    /** The AOT cache is the image's own. */
    @ParameterizedTest
    @ValueSource(strings = {"server config.yml", "db migrate config.yml", "--version"})
    void scriptRunsTheCommandOfTheImage(String arguments) throws IOException, InterruptedException {
        List<String> ofTheImage = java("../ops/image/roster", arguments);

        assertThat(java(script(), arguments))
                .isEqualTo(ofTheImage.stream()
                        .filter(argument -> !argument.startsWith("-XX:AOTCache="))
                        .map(argument -> argument.replace("/opt/roster/roster.jar", "roster.jar"))
                        .toList())
                .contains("-jar", "roster.jar");
    }

    @Test
    void scriptHandsCredentialsOver() throws IOException, InterruptedException {
        assertThat(run("printf '%s\\n' \"$JWT_SECRET_KEY\" \"$POSTGRES_PASSWORD\" \"$(pwd)\"", script(), "server"))
                .isEqualTo("a b $c \"d\"\ne\n" + root.resolve("opt/roster").toRealPath() + "\n");
    }

    /** Otherwise the variable would be empty, and the service would report a missing setting. */
    @Test
    void scriptFailsIfItCannotReadACredential() throws IOException, InterruptedException {
        Files.createDirectories(root.resolve("credentials/AUDIT_SECRET_KEY")); // root can read every file

        Command ended = end("echo started", script(), "server");

        assertThat(ended.exitCode()).isPositive();
        assertThat(ended.output()).contains("AUDIT_SECRET_KEY").doesNotContain("started");
    }

    private String script() {
        return root.resolve("opt/roster/roster").toString();
    }

    /** The arguments that a script gives to Java. */
    private List<String> java(String script, String arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(script));
        command.addAll(List.of(arguments.split(" ")));
        return run("printf '%s\\n' \"$@\"", command.toArray(new String[0]))
                .lines()
                .toList();
    }

    /** The output of a script that succeeds. */
    private String run(String java, String... command) throws IOException, InterruptedException {
        Command ended = end(java, command);
        assertThat(ended.exitCode()).as(ended.output()).isZero();
        return ended.output();
    }

    /** Runs a script with two credentials, and with these lines of shell instead of Java. */
    private Command end(String java, String... command) throws IOException, InterruptedException {
        Path program = Files.createDirectories(root.resolve("java")).resolve("java");
        Files.writeString(program, "#!/bin/sh\n" + java + "\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        Path credentials = Files.createDirectories(root.resolve("credentials"));
        Files.writeString(credentials.resolve("JWT_SECRET_KEY"), "a b $c \"d\"\n");
        Files.writeString(credentials.resolve("POSTGRES_PASSWORD"), "e");
        return Command.run(
                Map.of(
                        "CREDENTIALS_DIRECTORY",
                        credentials.toString(),
                        "PATH",
                        program.getParent() + ":" + System.getenv("PATH")),
                command);
    }

    private Command verify(String text) throws IOException, InterruptedException {
        write(text);
        return Command.run("systemd-analyze", "--root=" + root, "verify", "roster.service");
    }

    private Command exposure(String text, int threshold) throws IOException, InterruptedException {
        return Command.run(
                "systemd-analyze",
                "--offline=true",
                "--no-pager",
                "--threshold=" + threshold,
                "security",
                write(text).toString());
    }

    private Path write(String text) throws IOException {
        return Files.writeString(root.resolve("etc/systemd/system/roster.service"), text);
    }
}
