package dev.roster.local;

import dev.roster.RosterApplication;
import dev.roster.RosterConfiguration;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.lifecycle.AutoCloseableManager;
import io.dropwizard.logging.common.BootstrapLogging;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.jetty.util.component.LifeCycle;
import org.jspecify.annotations.Nullable;

/** Runs the service as {@code config.yml} says, on a PostgreSQL of its own below {@code .local/}. What a bare {@code mvn} does. */
public final class LocalRoster extends RosterApplication {
    private final LocalPostgres postgres;
    private final String addresses;

    private LocalRoster(Map<String, String> variables, LocalPostgres postgres, String addresses) {
        super(name -> variable(variables, name), Clock.systemUTC());
        this.postgres = postgres;
        this.addresses = addresses;
    }

    public static void main(String[] arguments) throws Exception {
        BootstrapLogging.bootstrap(); // warnings alone, until config.yml says more
        Path directory = Path.of(".local").toAbsolutePath();
        Files.createDirectories(directory);
        Map<String, String> variables = new HashMap<>();
        int apiPort = Integer.parseInt(environment("API_PORT", "8000"));
        int adminPort = Integer.parseInt(environment("ADMIN_PORT", "8081"));
        refuseTakenPort("API_PORT", apiPort);
        refuseTakenPort("ADMIN_PORT", adminPort);

        LocalPostgres postgres = LocalPostgres.start(directory);
        variables.put("DATABASE_URL", postgres.url());
        variables.put("POSTGRES_USER", LocalPostgres.USER);
        variables.put("POSTGRES_PASSWORD", "none is asked for");
        variables.put("JWT_SECRET_KEY", LocalSecret.readOrMake(directory.resolve("jwt-secret-key")));

        String addresses = """

                Roster runs.
                  API       http://localhost:%d/api/v1
                  admin     http://localhost:%d   (/healthcheck, /ping, /metrics)
                  database  psql "%s"
                  data      %s   (delete it to begin anew)
                Stop it with Ctrl-C.
                """.formatted(apiPort, adminPort, postgres.psqlUrl(), directory);
        LocalRoster roster = new LocalRoster(variables, postgres, addresses);
        roster.run("db", "migrate", "config.yml");
        roster.run("server", "config.yml");
    }

    @Override
    public void run(RosterConfiguration configuration, Environment environment) throws Exception {
        environment.lifecycle().manage(new AutoCloseableManager(postgres)); // the first to start is the last to stop
        super.run(configuration, environment);
        environment.lifecycle().addEventListener(new LifeCycle.Listener() {
            @Override
            public void lifeCycleStarted(LifeCycle server) {
                System.out.println(addresses);
            }
        });
    }

    @Override
    protected void onFatalError(Throwable error) {
        postgres.close();
        super.onFatalError(error);
    }

    private static @Nullable String variable(Map<String, String> variables, String name) {
        String given = System.getenv(name);
        return variables.getOrDefault(name, given);
    }

    private static String environment(String name, String otherwise) {
        String value = System.getenv(name);
        return value == null || value.isEmpty() ? otherwise : value;
    }

    private static void refuseTakenPort(String setting, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new java.net.InetSocketAddress(port));
        } catch (IOException e) {
            System.err.println("Roster does not start: port " + port + " is in use (" + setting + " names another)");
            System.exit(1);
        }
    }
}
