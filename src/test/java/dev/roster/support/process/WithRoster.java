package dev.roster.support.process;

import dev.roster.apikey.Scope;
import dev.roster.support.database.TestDatabase;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Starts three nodes of the service on a new database and runs a command against them. The command finds the address of
 * the first in the environment variable {@code ROSTER_URL}, that of one with {@code REFRESH_GRACE=0s} in {@code
 * ROSTER_URL_WITHOUT_GRACE}, and that of one with {@code EMAIL_VERIFICATION=required} in {@code
 * ROSTER_URL_WITH_PROOFS}. {@code ROSTER_ADMIN_URL} has the admin port of the first, whose mailbox shows the
 * mails, and {@code ROSTER_KEY} an API key with all scopes. The exit status is that of the command.
 */
public final class WithRoster {
    private static final Map<String, String> MAIL =
            Map.of("MAIL", "mailbox", "MAIL_LINKS", "http://localhost:8000/account");
    private static final Map<String, String> PROOFS =
            Map.of("MAIL", "mailbox", "MAIL_LINKS", "http://localhost:8000/account", "EMAIL_VERIFICATION", "required");

    private WithRoster() {}

    /** @param command the command and its arguments */
    public static void main(String[] command) throws IOException, InterruptedException {
        int status;
        TestDatabase database = TestDatabase.migrated();
        try (RosterProcess roster = RosterProcess.serve(database.variables(MAIL));
                RosterProcess strict = RosterProcess.serve(database.variables(Map.of("REFRESH_GRACE", "0s")));
                RosterProcess proving = RosterProcess.serve(database.variables(PROOFS))) {
            ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
            builder.environment().put("ROSTER_URL", roster.api().base().toString());
            builder.environment()
                    .put("ROSTER_URL_WITHOUT_GRACE", strict.api().base().toString());
            builder.environment()
                    .put("ROSTER_URL_WITH_PROOFS", proving.api().base().toString());
            builder.environment().put("ROSTER_ADMIN_URL", roster.admin().base().toString());
            builder.environment().put("ROSTER_KEY", newKey(database));
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
}
