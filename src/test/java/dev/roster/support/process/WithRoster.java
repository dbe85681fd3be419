package dev.roster.support.process;

import dev.roster.support.database.TestDatabase;
import java.io.IOException;
import java.util.Map;

/**
 * Starts the service on a new database and runs a command against it. The command finds the service's address in the
 * environment variable {@code ROSTER_URL}. The exit status is that of the command.
 */
public final class WithRoster {
    private WithRoster() {}

    /** @param command the command and its arguments */
    public static void main(String[] command) throws IOException, InterruptedException {
        int status;
        try (RosterProcess roster = RosterProcess.serve(TestDatabase.migrated().variables(Map.of()))) {
            ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
            builder.environment().put("ROSTER_URL", roster.api().base().toString());
            Process process = builder.start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
            status = process.waitFor();
        }
        System.exit(status); // embedded PostgreSQL leaves non-daemon threads
    }
}
