package dev.roster.support.process;

import com.sun.net.httpserver.HttpServer;
import dev.roster.apikey.Scope;
import dev.roster.support.TestKeys;
import dev.roster.support.database.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Starts nodes of the service on new databases and runs a command against them. The exit status is that of the command.
 * It finds in the environment variables
 *
 * <ul>
 *   <li>{@code ROSTER_URL} the address of a node, in {@code ROSTER_ADMIN_URL} its admin port, whose mailbox shows the
 *       mails, and in {@code ROSTER_KEY} an API key with all scopes;
 *   <li>{@code ROSTER_URL_WITHOUT_GRACE} one with {@code REFRESH_GRACE=0s};
 *   <li>{@code ROSTER_URL_WITH_PROOFS} one with {@code EMAIL_VERIFICATION=required};
 *   <li>{@code ROSTER_URL_ES256} one that signs with ES256, on a database of its own, with this address as its issuer
 *       and a lead of {@value #LEAD}; in {@code ROSTER_ADMIN_URL_ES256} its admin port, in {@code ROSTER_KEY_ES256} an
 *       API key with all scopes, and in {@code ROSTER_TOKEN_ES256} an access token that expires a minute after the
 *       start. A POST to the address in {@code ROSTER_RESTART_URL_ES256} kills it, starts it again, and is answered
 *       once it is ready;
 *   <li>the same with RS256 and EDDSA.
 * </ul>
 */
public final class WithRoster {
    private static final Map<String, String> MAIL =
            Map.of("MAIL", "mailbox", "MAIL_LINKS", "http://localhost:8000/account");
    private static final Map<String, String> PROOFS =
            Map.of("MAIL", "mailbox", "MAIL_LINKS", "http://localhost:8000/account", "EMAIL_VERIFICATION", "required");
    private static final String LEAD = "3s";

    private WithRoster() {}

    /** @param command the command and its arguments */
    public static void main(String[] command) throws IOException, InterruptedException {
        int status;
        TestDatabase database = TestDatabase.migrated();
        try (RosterProcess roster = RosterProcess.serve(database.variables(MAIL));
                RosterProcess strict = RosterProcess.serve(database.variables(Map.of("REFRESH_GRACE", "0s")));
                RosterProcess proving = RosterProcess.serve(database.variables(PROOFS));
                SigningNode es256 = SigningNode.start("ES256");
                SigningNode rs256 = SigningNode.start("RS256");
                SigningNode edDsa = SigningNode.start("EdDSA")) {
            ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
            builder.environment().put("ROSTER_URL", roster.api().base().toString());
            builder.environment()
                    .put("ROSTER_URL_WITHOUT_GRACE", strict.api().base().toString());
            builder.environment()
                    .put("ROSTER_URL_WITH_PROOFS", proving.api().base().toString());
            builder.environment().put("ROSTER_ADMIN_URL", roster.admin().base().toString());
            builder.environment().put("ROSTER_KEY", newKey(database));
            for (SigningNode node : List.of(es256, rs256, edDsa)) {
                builder.environment().putAll(node.variables());
            }
            Process process = builder.start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
            status = process.waitFor();
        }
        System.exit(status); // embedded PostgreSQL leaves non-daemon threads
    }

    /** Makes a key at a shell, as the first one is made. */
    private static String newKey(TestDatabase database) {
        List<String> arguments = new ArrayList<>(List.of("create-key", "config.yml", "--name", "clients"));
        Arrays.stream(Scope.values()).map(Scope::id).forEach(scope -> arguments.addAll(List.of("--scope", scope)));
        try (RosterProcess command =
                RosterProcess.start(database.variables(Map.of()), arguments.toArray(String[]::new))) {
            if (command.exitCode() != 0) {
                throw new AssertionError("No key: " + command);
            }
            return command.output().strip();
        }
    }

    /** A node that signs with an algorithm whose public keys other services fetch. */
    private static final class SigningNode implements AutoCloseable {
        private final String algorithm;
        private final TestDatabase database;
        private final Map<String, String> environment;
        private final HttpServer restarts;
        private volatile RosterProcess process;

        private SigningNode(String algorithm) throws IOException {
            this.algorithm = algorithm;
            this.database = TestDatabase.migrated();
            String port = Integer.toString(Ports.free());
            this.environment = database.variables(Map.of(
                    "TOKEN_ALGORITHM",
                    algorithm,
                    "KEY_LEAD",
                    LEAD,
                    "ACCESS_TOKEN_LIFETIME",
                    "1m",
                    "JWT_ISSUER",
                    "http://127.0.0.1:" + port,
                    "API_PORT",
                    port,
                    "ADMIN_PORT",
                    Integer.toString(Ports.free())));
            this.process = RosterProcess.serve(environment);
            this.restarts = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        }

        static SigningNode start(String algorithm) throws IOException {
            SigningNode node = new SigningNode(algorithm);
            node.restarts.createContext("/", exchange -> {
                node.restart();
                exchange.sendResponseHeaders(204, -1);
                exchange.close();
            });
            node.restarts.start();
            return node;
        }

        private void restart() {
            process.close();
            process = RosterProcess.serve(environment);
        }

        Map<String, String> variables() {
            String suffix = "_" + algorithm.toUpperCase(Locale.ROOT);
            return Map.of(
                    "ROSTER_URL" + suffix, process.api().base().toString(),
                    "ROSTER_ADMIN_URL" + suffix, process.admin().base().toString(),
                    "ROSTER_RESTART_URL" + suffix,
                            "http://127.0.0.1:" + restarts.getAddress().getPort(),
                    "ROSTER_KEY" + suffix, TestKeys.makeForAll(database.jdbi()),
                    "ROSTER_TOKEN" + suffix, process.api().newUser().token());
        }

        @Override
        public void close() {
            restarts.stop(0);
            process.close();
        }
    }
}
