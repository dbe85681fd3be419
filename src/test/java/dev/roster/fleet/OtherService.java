package dev.roster.fleet;

import dev.roster.support.Poll;
import dev.roster.support.process.Ports;
import dev.roster.support.process.RosterProcess;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** The example service of {@code clients/verifier-java} as a process: it checks tokens with the offline verifier. */
final class OtherService implements AutoCloseable {
    private static final Path SOURCES = Path.of("clients", "verifier-java");
    private static final Path CLASSES = Path.of("target", "verifier-java").toAbsolutePath();
    private static final Duration START = Duration.ofSeconds(30);

    private final URI address;
    private final RosterProcess process;

    private OtherService(URI address, RosterProcess process) {
        this.address = address;
        this.process = process;
    }

    /**
     * Starts the service.
     *
     * @param roster the address of the node whose stream it holds
     * @param key an API key with the scope for the stream
     */
    static OtherService start(String roster, String key) {
        compile();
        int port = Ports.free();
        Map<String, String> variables =
                Map.of("PORT", Integer.toString(port), "ROSTER_URL", roster, "ROSTER_KEY", key, "POLICY", "REFUSE");
        // Without nodelay, an answer of the JDK's server may take 40 ms.
        List<String> program = List.of("-Dsun.net.httpserver.nodelay=true", "-cp", classPath(), "GuardedService");
        return new OtherService(
                URI.create("http://127.0.0.1:" + port),
                RosterProcess.start(variables, program, Path.of("").toAbsolutePath()));
    }

    private static void compile() {
        try (Stream<Path> library = Files.walk(SOURCES.resolve(Path.of("src", "main", "java")))) {
            Files.createDirectories(CLASSES);
            List<String> arguments = new ArrayList<>(List.of(
                    "-proc:none", "-d", CLASSES.toString(), "-classpath", System.getProperty("java.class.path")));
            Stream.concat(library, Stream.of(SOURCES.resolve(Path.of("example", "GuardedService.java"))))
                    .map(Path::toString)
                    .filter(file -> file.endsWith(".java"))
                    .forEach(arguments::add);
            int result = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new));
            if (result != 0) {
                throw new IllegalStateException("javac ended with " + result);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The verifier and what it depends on: jose4j, which needs SLF4J. */
    private static String classPath() {
        return Stream.concat(
                        Stream.of(CLASSES.toString()),
                        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                                .filter(entry -> entry.contains("jose4j") || entry.contains("slf4j-api")))
                .collect(Collectors.joining(File.pathSeparator));
    }

    Client client() {
        return new Client("service", address);
    }

    /** Waits until it accepts this token. */
    void awaitAccepts(String token) {
        try (Client client = client()) {
            Poll.until("the service accepts a token: " + process, START, () -> {
                Answer answer = client.send(Request.me(token));
                return answer.accepted();
            });
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
