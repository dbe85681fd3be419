package dev.roster.local;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.roster.RosterApplication;
import dev.roster.RosterConfiguration;
import dev.roster.host.Version;
import dev.roster.shell.terminal.Terminal;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.lifecycle.AutoCloseableManager;
import io.dropwizard.logging.common.BootstrapLogging;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.jetty.util.component.LifeCycle;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The local run, which {@code mvn} without a goal starts: the service with {@code config.yml} and a PostgreSQL below
 * {@code .local/}.
 */
public final class LocalRoster extends RosterApplication {
    /** Static, because the lock ends when the garbage collector finds it. */
    @SuppressWarnings("unused")
    private static @Nullable FileLock runLock;

    private final LocalPostgres postgres;
    private final String addresses;

    private LocalRoster(Map<String, String> variables, LocalPostgres postgres, String addresses) {
        super(name -> variable(variables, name), Clock.systemUTC(), Terminal.ofProcess());
        this.postgres = postgres;
        this.addresses = addresses;
    }

    public static void main(String[] arguments) throws Exception {
        BootstrapLogging.bootstrap(); // logs warnings until config.yml is read
        Path directory = Path.of(".local").toAbsolutePath();
        Files.createDirectories(directory);
        runLock = lock(directory.resolve("lock"));
        int apiPort = freePort("API_PORT", "8000");
        int adminPort = freePort("ADMIN_PORT", "8081");

        LocalPostgres postgres = startPostgres(directory);
        Map<String, String> variables = new HashMap<>();
        variables.put("DATABASE_URL", postgres.url());
        variables.put("POSTGRES_USER", LocalPostgres.USER);
        variables.put("POSTGRES_PASSWORD", "none is asked for");
        putUnlessGiven(variables, "MAIL", "mailbox");
        putUnlessGiven(variables, "MAIL_LINKS", "http://localhost:" + apiPort + "/account");
        variables.put("JWT_SECRET_KEY", LocalSecret.readOrMake(directory.resolve("jwt-secret-key")));
        LocalShell.write(directory, variables);

        String addresses = """

                Roster %s runs.
                  API       http://localhost:%d/api/v1
                  docs      http://localhost:%2$d/docs
                  admin     http://localhost:%d   (/healthcheck, /ping, /metrics, /prometheus)
                  mailbox   http://localhost:%3$d/mailbox   (with MAIL=mailbox, the default here)
                  database  psql %s   (no password)
                  commands  .local/roster list-blocklist config.yml   (.local/roster --help lists all)
                  keys      .local/roster create-key config.yml --name me --scope users:read   (none yet)
                  data      %s   (delete it to begin anew)
                Stop it with Ctrl-C.
                """.formatted(Version.current(), apiPort, adminPort, postgres.psqlUrl(), directory);
        LocalRoster roster = new LocalRoster(variables, postgres, addresses);
        roster.run("db", "migrate", "config.yml");
        roster.run("server", "config.yml");
    }

    @Override
    public void run(RosterConfiguration configuration, Environment environment) throws Exception {
        ((Logger) LoggerFactory.getLogger(EmbeddedPostgres.class)).setLevel(Level.WARN); // it logs every stop at INFO
        environment.lifecycle().manage(new AutoCloseableManager(postgres)); // managed first, so it stops last
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

    private static void putUnlessGiven(Map<String, String> variables, String name, String value) {
        String given = System.getenv(name);
        variables.put(name, given == null || given.isEmpty() ? value : given);
    }

    private static @Nullable String variable(Map<String, String> variables, String name) {
        String given = System.getenv(name);
        return variables.getOrDefault(name, given);
    }

    /** Keeps a second run away from the same data. The lock ends with this process, even if it is killed. */
    private static FileLock lock(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock();
        if (lock == null) {
            throw refuse("another one runs in this folder");
        }
        return lock;
    }

    private static int freePort(String setting, String otherwise) {
        String given = System.getenv(setting);
        String value = given == null || given.isEmpty() ? otherwise : given;
        try (ServerSocket socket = new ServerSocket()) {
            int port = Integer.parseInt(value);
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(port));
            return port;
        } catch (IllegalArgumentException e) {
            throw refuse(setting + " is not a port: " + value);
        } catch (IOException e) {
            throw refuse("port " + value + " is in use; set " + setting + " to another port");
        }
    }

    private static LocalPostgres startPostgres(Path directory) throws SQLException {
        try {
            LocalPostgres.stopOrphan(directory);
            return LocalPostgres.start(directory, freePort("POSTGRES_PORT", "15432"));
        } catch (IOException | IllegalStateException e) {
            throw refuse("PostgreSQL does not start, " + e.getMessage() + "; its log is in "
                    + directory.resolve("postgres").resolve("log"));
        }
    }

    private static IllegalStateException refuse(String reason) {
        System.err.println("Roster does not start: " + reason);
        System.exit(1);
        throw new IllegalStateException(reason);
    }
}
