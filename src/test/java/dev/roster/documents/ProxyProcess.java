package dev.roster.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.base.Splitter;
import dev.roster.support.Poll;
import dev.roster.support.process.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A proxy that runs with a configuration of the documents, with a certificate of its own, and a client of it. */
final class ProxyProcess implements AutoCloseable {
    private static final String HOST = "roster.example.org";
    private static final Duration WAIT = Duration.ofSeconds(30);

    private final Path directory;
    private final int port;
    private final Process process;

    private ProxyProcess(Path directory, int port, List<String> command) throws IOException {
        this.directory = directory;
        this.port = port;
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile());
        builder.environment().put("HOME", directory.toString()); // Caddy writes there
        builder.environment().put("XDG_CONFIG_HOME", directory.toString());
        builder.environment().put("XDG_DATA_HOME", directory.toString());
        this.process = builder.start();
        Poll.until("the proxy listens", WAIT, () -> isListening() || !process.isAlive());
        assertThat(process.isAlive())
                .as(Files.readString(directory.resolve("log")))
                .isTrue();
    }

    /**
     * Starts nginx. Debian has it outside the PATH of ordinary users.
     *
     * @param http what stands in {@code http}, with the addresses of the documents
     */
    static ProxyProcess nginx(Path directory, String http, Map<String, String> addresses) throws IOException {
        String program = find("nginx");
        int port = certify(directory);
        StringBuilder configuration = new StringBuilder(http.contains("js_import") ? njs() : "")
                .append("daemon off; master_process off; error_log stderr; pid ")
                .append(directory.resolve("pid"))
                .append("; events {} http { access_log off;");
        for (String kind : List.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")) {
            configuration
                    .append(kind)
                    .append("_temp_path ")
                    .append(directory.resolve(kind))
                    .append(';');
        }
        configuration.append(replace(
                http,
                addresses,
                Map.of(
                        "listen 80;",
                        "listen 127.0.0.1:" + Ports.free() + ";",
                        "listen 443 ssl",
                        "listen 127.0.0.1:" + port + " ssl",
                        "/etc/letsencrypt/live/" + HOST,
                        directory.toString(),
                        "/var/log/nginx",
                        directory.toString())));
        Path file = Files.writeString(directory.resolve("nginx.conf"), configuration.append('}'));
        return new ProxyProcess(directory, port, List.of(program, "-p", directory.toString(), "-c", file.toString()));
    }

    /** Starts Caddy. */
    static ProxyProcess caddy(Path directory, String caddyfile, Map<String, String> addresses) throws IOException {
        String program = find("caddy");
        int port = certify(directory);
        Path file = Files.writeString(
                directory.resolve("Caddyfile"),
                replace(
                        caddyfile,
                        addresses,
                        Map.of(
                                "\tservers {",
                                "\tadmin off\n\tauto_https disable_redirects\n\tservers {",
                                "\n" + HOST + " {",
                                "\nhttps://" + HOST + ":" + port + " {\n\ttls " + directory.resolve("fullchain.pem")
                                        + " " + directory.resolve("privkey.pem"))));
        return new ProxyProcess(
                directory, port, List.of(program, "run", "--adapter", "caddyfile", "--config", file.toString()));
    }

    /**
     * Sends a request from another address than the proxy's.
     *
     * @param arguments of curl
     * @return the head and the body of the answer
     */
    String curl(String path, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                "curl",
                "-si",
                "--http1.1",
                "--path-as-is",
                "--max-time",
                "20",
                "--interface",
                "127.0.0.5",
                "--cacert",
                directory.resolve("fullchain.pem").toString(),
                "--resolve",
                HOST + ":" + port + ":127.0.0.1"));
        command.addAll(List.of(arguments));
        command.add("https://" + HOST + ":" + port + path);
        return output(command);
    }

    private boolean isListening() {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false; // not yet
        }
    }

    /** Writes a certificate and its key, and returns a port for them. */
    private static int certify(Path directory) {
        String unused = output(List.of(
                find("openssl"),
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-days",
                "1",
                "-subj",
                "/CN=" + HOST,
                "-addext",
                "subjectAltName=DNS:" + HOST,
                "-keyout",
                directory.resolve("privkey.pem").toString(),
                "-out",
                directory.resolve("fullchain.pem").toString()));
        return Ports.free();
    }

    /** Loads the njs module, which Debian's package configures for nginx's own service only. */
    private static String njs() {
        Path module = Path.of("/usr/lib/nginx/modules/ngx_http_js_module.so");
        assumeTrue(Files.exists(module), module + " is not installed");
        return "load_module " + module + "; ";
    }

    private static String find(String program) {
        for (String folder : Splitter.on(':').split(System.getenv("PATH") + ":/usr/sbin")) {
            if (Files.isExecutable(Path.of(folder, program))) {
                return Path.of(folder, program).toString();
            }
        }
        assumeTrue(false, program + " is not installed");
        return program;
    }

    @SafeVarargs
    private static String replace(String text, Map<String, String>... replacements) {
        String replaced = text;
        for (Map<String, String> some : replacements) {
            for (Map.Entry<String, String> one : some.entrySet()) {
                assertThat(replaced).contains(one.getKey());
                replaced = replaced.replace(one.getKey(), one.getValue());
            }
        }
        return replaced;
    }

    private static String output(List<String> command) {
        try {
            Process run = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String output = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(run.waitFor(WAIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(run.exitValue()).as(String.join(" ", command)).isZero();
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
