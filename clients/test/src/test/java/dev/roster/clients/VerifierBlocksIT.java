package dev.roster.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.clients.SigningRoster.Session;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The services of {@code docs/integrate.md} with Roster's verifiers. */
class VerifierBlocksIT {
    @TempDir
    private Path directory;

    @Test
    void javaServiceIsGuarded() throws Exception {
        SigningRoster roster = SigningRoster.of("ES256");
        int port = freePort();
        IntegrateDocument.compile(directory, "Orders", at(port, IntegrateDocument.block("Java", "java", 0, roster)));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = directory + ":" + System.getProperty("java.class.path");
        expectAGuard(roster, port, directory, List.of(java, "-XX:TieredStopAtLevel=1", "-cp", classPath, "Orders"));
    }

    @Test
    void nodeServiceIsGuarded() throws Exception {
        SigningRoster roster = SigningRoster.of("ES256");
        int port = freePort();
        String service = at(port, IntegrateDocument.block("Node.js", "js", 0, roster));
        Files.writeString(Node.VERIFIER_DIRECTORY.resolve("orders.mjs"), service);
        expectAGuard(roster, port, Node.VERIFIER_DIRECTORY, List.of("node", "orders.mjs"));
    }

    private static void expectAGuard(SigningRoster roster, int port, Path folder, List<String> command)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).inheritIO();
        builder.environment().put("ROSTER_KEY", roster.key());
        Process process = builder.start();
        try {
            GuardedClient client = new GuardedClient(URI.create("http://127.0.0.1:" + port));
            Session first = roster.logIn();
            client.awaitGuard(first.accessToken());
            client.expectAccepted(first.accessToken());
            client.expectRefused("", "");
            client.expectRefused(SigningRoster.forged(first.accessToken()), "invalid_token");
            client.expectRefused(SigningRoster.of("RS256").logIn().accessToken(), "invalid_token");

            String next = roster.rotate();
            Session last = first;
            while (!SigningRoster.keyId(last.accessToken()).equals(next)) {
                last = roster.refresh(last);
            }
            String token = last.accessToken();
            // The lead here is shorter than the 5 s between a verifier's requests for keys that it does not know.
            GuardedClient.await("the new key is known", () -> client.send(token).statusCode() == 200);
            client.expectAccepted(token);
            client.expectAccepted(first.accessToken());
            roster.logOut(last);
            GuardedClient.await("the logout arrives", () -> client.send(token).statusCode() != 200);
            client.expectRefused(token, "invalid_token");
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static String at(int port, String block) {
        assertThat(block).contains("9000");
        return block.replace("9000", Integer.toString(port));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
