package dev.roster.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A library of another language: a program reads tokens, and prints a line for each. */
final class ScriptLibrary implements TokenLibrary {
    private static final int PATIENCE_SECONDS = 30;

    private final String script;
    private final Process process;
    private final BufferedWriter tokens;
    private final BufferedReader verdicts;
    private final ExecutorService reader = Executors.newSingleThreadExecutor();

    private ScriptLibrary(String script, Process process) {
        this.script = script;
        this.process = process;
        this.tokens = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), UTF_8));
        this.verdicts = process.inputReader(UTF_8);
    }

    /** npm {@code jose}. */
    static ScriptLibrary jose(SigningRoster roster) throws IOException {
        return start("node", "libraries/jose.mjs", roster);
    }

    /** A script for Debian's Python, which has the packages {@code python3-jwt} and {@code python3-jwcrypto}. */
    static ScriptLibrary python(String script, SigningRoster roster) throws IOException {
        return start("/usr/bin/python3", "libraries/" + script, roster);
    }

    private static ScriptLibrary start(String program, String script, SigningRoster roster) throws IOException {
        List<String> command = List.of(
                program, script, roster.jwks().toString(), roster.algorithm(), roster.issuer(), SigningRoster.AUDIENCE);
        Process process = new ProcessBuilder(command)
                .directory(Node.DIRECTORY.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        return new ScriptLibrary(script, process);
    }

    @Override
    public String check(String token) throws Exception {
        tokens.write(token);
        tokens.newLine();
        tokens.flush();
        String verdict = reader.submit(verdicts::readLine).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(verdict).as("%s has ended", script).isNotNull();
        return verdict;
    }

    @Override
    public void close() {
        process.destroyForcibly();
        reader.shutdownNow();
    }

    @Override
    public String toString() {
        return script;
    }
}
