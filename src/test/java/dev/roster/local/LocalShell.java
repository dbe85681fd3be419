package dev.roster.local;

import dev.roster.RosterApplication;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes the local run usable from a shell: a file with its settings, and a script that runs Roster's commands. */
final class LocalShell {
    private LocalShell() {}

    /**
     * Writes {@code env} and {@code roster} into this directory.
     *
     * @param variables the settings of the local run; some are secret
     */
    static void write(Path directory, Map<String, String> variables) throws IOException {
        Path env = directory.resolve("env");
        PrivateFile.write(
                env,
                "rw-------",
                "# The settings of the local run. To read them into a shell: . .local/env\n"
                        + new TreeMap<>(variables)
                                .entrySet().stream()
                                        .map(variable ->
                                                "export " + variable.getKey() + "=" + quote(variable.getValue()) + "\n")
                                        .collect(Collectors.joining()));
        PrivateFile.write(directory.resolve("roster"), "rwx------", """
                #!/bin/sh
                # Runs a command of Roster on the database of the local run: .local/roster --help
                . %s
                exec %s -XX:TieredStopAtLevel=1 -cp %s %s "$@"
                """.formatted(
                quote(env.toString()),
                quote(Path.of(System.getProperty("java.home"), "bin", "java").toString()),
                quote(classPath()),
                RosterApplication.class.getName()));
    }

    /** The classes that run here. Maven loads them by a class loader of its own. */
    private static String classPath() {
        return LocalShell.class.getClassLoader() instanceof URLClassLoader maven
                ? Stream.of(maven.getURLs()).map(LocalShell::path).collect(Collectors.joining(File.pathSeparator))
                : System.getProperty("java.class.path");
    }

    private static String path(URL url) {
        return Path.of(URI.create(url.toString())).toString();
    }

    /** As one word of a shell. */
    private static String quote(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
