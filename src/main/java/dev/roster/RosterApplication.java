package dev.roster;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import dev.roster.audit.AuditConfiguration;
import dev.roster.audit.AuditEvents;
import dev.roster.audit.AuditMonths;
import dev.roster.audit.Sealer;
import dev.roster.command.AuthCommandResource;
import dev.roster.command.ConsistencyTokenFilter;
import dev.roster.command.SessionCommandResource;
import dev.roster.command.UserCommandResource;
import dev.roster.command.account.Ownership;
import dev.roster.command.account.PasswordChecks;
import dev.roster.command.session.EndSessionsHandler;
import dev.roster.command.session.LogInHandler;
import dev.roster.command.session.LogOutHandler;
import dev.roster.command.session.RefreshSessionHandler;
import dev.roster.command.session.SessionConfiguration;
import dev.roster.command.session.UserWithHash;
import dev.roster.command.user.DeleteUserHandler;
import dev.roster.command.user.RegisterUserHandler;
import dev.roster.command.user.UpdateUserHandler;
import dev.roster.command.user.UserCreation;
import dev.roster.command.user.UserDeletion;
import dev.roster.database.DatabaseConfiguration;
import dev.roster.database.DatabaseHealthCheck;
import dev.roster.database.MigrationCommand;
import dev.roster.database.Schema;
import dev.roster.database.SchemaHealthCheck;
import dev.roster.docs.DocsResource;
import dev.roster.docs.OpenApiResource;
import dev.roster.feed.ChangeFeed;
import dev.roster.feed.FeedHealthCheck;
import dev.roster.host.AdminFilter;
import dev.roster.host.Drain;
import dev.roster.host.Job;
import dev.roster.host.Purge;
import dev.roster.host.PurgeTask;
import dev.roster.http.HttpServer;
import dev.roster.http.body.BodyModule;
import dev.roster.http.body.JsonBodyReader;
import dev.roster.key.SecretKey;
import dev.roster.limit.GuessLimit;
import dev.roster.limit.LimitConfiguration;
import dev.roster.limit.RefreshLimit;
import dev.roster.limit.RegistrationLimit;
import dev.roster.metrics.Prometheus;
import dev.roster.password.CommonPasswords;
import dev.roster.password.HashingPool;
import dev.roster.password.NewPassword;
import dev.roster.password.Password;
import dev.roster.password.PasswordHasher;
import dev.roster.password.PasswordPolicy;
import dev.roster.query.SessionQueryResource;
import dev.roster.query.UserListResource;
import dev.roster.query.UserLists;
import dev.roster.query.UserQueryResource;
import dev.roster.query.UserReads;
import dev.roster.query.cache.UserCache;
import dev.roster.query.replica.Reads;
import dev.roster.query.replica.Replica;
import dev.roster.query.replica.ReplicaLagFilter;
import dev.roster.revocation.Revocations;
import dev.roster.revocation.RevokedTokens;
import dev.roster.settings.EnvironmentSource;
import dev.roster.settings.RequiredConfigurationFile;
import dev.roster.settings.StartErrors;
import dev.roster.settings.StartRefusedException;
import dev.roster.shell.Terminal;
import dev.roster.token.AccessToken;
import dev.roster.token.AccessTokens;
import dev.roster.token.BearerAuthFilter;
import dev.roster.token.RefreshTokens;
import dev.roster.token.TokenAuthenticator;
import dev.roster.user.EmailAddress;
import dev.roster.user.PersonName;
import dev.roster.user.Role;
import dev.roster.user.Roles;
import dev.roster.user.StoredUser;
import dev.roster.user.UserIds;
import io.dropwizard.auth.AuthDynamicFeature;
import io.dropwizard.auth.AuthValueFactoryProvider;
import io.dropwizard.core.Application;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ServerCommand;
import io.dropwizard.core.server.AbstractServerFactory;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.db.DataSourceFactory;
import io.dropwizard.health.DelayedShutdownHandler;
import io.dropwizard.jdbi3.JdbiFactory;
import io.dropwizard.lifecycle.AutoCloseableManager;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import jakarta.servlet.DispatcherType;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.TimeZone;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import net.sourceforge.argparse4j.inf.Namespace;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jspecify.annotations.Nullable;

/** The service: its commands, and in {@link #run} all its parts, top to bottom. */
public class RosterApplication extends Application<RosterConfiguration> {
    /** What loading the revoked set may take, beyond the wait for a database. */
    private static final Duration FEED_WAIT = Duration.ofSeconds(5);

    private final UnaryOperator<@Nullable String> environment;
    private final Clock clock;
    private final Terminal terminal;

    public RosterApplication() {
        this(System::getenv, Clock.systemUTC());
    }

    /**
     * @param environment the value of an environment variable, null where it is not set
     * @param clock tells when tokens are issued and expire
     */
    public RosterApplication(UnaryOperator<@Nullable String> environment, Clock clock) {
        this(environment, clock, Terminal.ofProcess());
    }

    /** @param terminal where operators' commands read and print */
    protected RosterApplication(UnaryOperator<@Nullable String> environment, Clock clock, Terminal terminal) {
        this.environment = environment;
        this.clock = clock;
        this.terminal = terminal;
    }

    public static void main(String[] arguments) throws Exception {
        new RosterApplication().run(arguments);
    }

    @Override
    public String getName() {
        return "roster";
    }

    @Override
    public void initialize(Bootstrap<RosterConfiguration> bootstrap) {
        bootstrap.setConfigurationSourceProvider(
                EnvironmentSource.over(bootstrap.getConfigurationSourceProvider(), environment));
        bootstrap.setConfigurationFactoryFactory(RequiredConfigurationFile::new);
    }

    @Override
    protected void addDefaultCommands(Bootstrap<RosterConfiguration> bootstrap) {
        bootstrap.addCommand(new ServerCommand<>(this) {
            @Override
            public void onError(Cli cli, Namespace namespace, Throwable error) {
                StartErrors.print(cli.getStdErr(), error);
            }
        });
        bootstrap.addCommand(new MigrationCommand<>(RosterConfiguration::database, RosterConfiguration.class));
        bootstrap.addCommand(new AuditVerifyCommand(clock));
        new ShellCommands(clock, terminal).all().forEach(bootstrap::addCommand);
    }

    @Override
    public void run(RosterConfiguration configuration, Environment environment) throws Exception {
        SecureRandom random = new SecureRandom();
        MetricRegistry metrics = environment.metrics();
        PasswordHasher hasher = new PasswordHasher(configuration.passwords().bcryptCost(), random);
        int minimumLength = configuration.passwords().minimumLength();
        // It takes its time, on the other core.
        var commonPasswords = CompletableFuture.supplyAsync(() -> CommonPasswords.load(minimumLength));

        configuration.database().await();

        Jdbi commands = connect(environment, configuration.database().commands(), "commands");
        Jdbi queries = connect(environment, configuration.database().queries(), "queries");
        Schema schema = new Schema(queries);
        schema.requireCurrent();

        AccessTokens tokens = new AccessTokens(configuration.tokens(), clock);
        RevokedTokens revoked = new RevokedTokens(clock);
        UserCache userCache = new UserCache(configuration.userCache(), metrics);
        ChangeFeed feed = startFeed(configuration, environment, revoked, userCache);
        Revocations revocations = new Revocations(revoked, feed::isFresh, queries, metrics);

        HashingPool hashing = configuration.passwords().hashingPool();
        environment.lifecycle().manage(new AutoCloseableManager(hashing));
        metrics.register("roster.hashing.waiting", (Gauge<Integer>) hashing::waiting);
        metrics.register("roster.hashing.threads", (Gauge<Integer>) hashing::threads);
        metrics.register("roster.hashing.busy", (Gauge<Integer>) hashing::busy);
        PasswordPolicy policy = new PasswordPolicy(minimumLength, commonPasswords.join());

        LimitConfiguration limits = configuration.limits();
        SecretKey secretKey = configuration.tokens().secretKey();
        GuessLimit guesses = new GuessLimit(commands, limits, secretKey);
        UserIds ids = new UserIds(clock, random);
        AuditEvents audit = new AuditEvents(configuration.auditKey(), ids, clock);
        PasswordChecks passwords = new PasswordChecks(commands, guesses, hasher, hashing, audit);
        var register = new RegisterUserHandler(
                commands,
                new RegistrationLimit(limits, secretKey),
                ids,
                passwords,
                new UserCreation(commands, policy, audit),
                audit);
        Ownership ownership = new Ownership(commands, tokens, revocations);
        var update = new UpdateUserHandler(
                commands, ownership, policy, passwords, tokens, revoked, audit, userCache::changed);
        var delete = new DeleteUserHandler(
                commands, ownership, new UserDeletion(tokens, audit), revoked, userCache::changed);
        RefreshTokens refreshTokens = new RefreshTokens(secretKey, random);
        SessionConfiguration sessions = configuration.sessions();
        var logIn = new LogInHandler(commands, passwords, tokens, refreshTokens, revoked, sessions, audit);
        var refresh = new RefreshSessionHandler(
                commands, new RefreshLimit(limits), guesses, tokens, refreshTokens, revoked, sessions, audit);
        var logOut = new LogOutHandler(commands, tokens, revoked, audit);
        var endSessions = new EndSessionsHandler(commands, ownership, tokens, revoked, audit);

        registerHttp(configuration, environment, policy);
        registerAuthentication(environment, new TokenAuthenticator(tokens, revocations, metrics));
        environment.jersey().register(new AuthCommandResource(register, logIn, refresh, logOut));
        environment.jersey().register(new UserCommandResource(update, delete));
        environment.jersey().register(new SessionCommandResource(endSessions));
        environment.jersey().register(new ConsistencyTokenFilter(commands));
        BooleanSupplier isCacheTold = configuration.userCache() == 0 ? () -> false : feed::isFresh;
        registerQueries(configuration, environment, queries, userCache, isCacheTold);
        environment.jersey().register(new OpenApiResource());
        environment.jersey().register(new DocsResource());

        registerHealth(configuration, environment, schema);
        environment.healthChecks().register("revocation-feed", new FeedHealthCheck(feed, revoked));
        registerPurge(
                configuration,
                environment,
                new Purge(commands, sessions.refreshGrace().toJavaDuration()));
        registerAudit(configuration, environment, commands, audit);
    }

    /** What the jar says of itself; the classes alone say nothing. */
    private static String version() {
        String version = RosterApplication.class.getPackage().getImplementationVersion();
        return version == null ? "unknown" : version;
    }

    private static Jdbi connect(Environment environment, DataSourceFactory pool, String name) {
        environment.metrics().register("roster.pools." + name + ".max", (Gauge<Integer>) pool::getMaxSize);
        Jdbi jdbi = new JdbiFactory().build(environment, pool, name);
        // That all connections are in use is no reason to take the node for dead: see DatabaseHealthCheck.
        environment.healthChecks().unregister(name);
        return configured(jdbi);
    }

    /** What every connection has, whatever it is for. */
    static Jdbi configured(Jdbi jdbi) {
        // A failed statement's message would show its arguments, a password's hash among them.
        jdbi.configure(
                StatementExceptions.class,
                exceptions -> exceptions.setMessageRendering(StatementExceptions.MessageRendering.NONE));
        jdbi.registerRowMapper(StoredUser.class, (row, context) -> StoredUser.read(row));
        jdbi.registerRowMapper(UserWithHash.class, (row, context) -> UserWithHash.read(row));
        SqlObjects.prepare(jdbi);
        return jdbi;
    }

    private ChangeFeed startFeed(
            RosterConfiguration configuration, Environment environment, RevokedTokens revoked, UserCache userCache)
            throws InterruptedException {
        DatabaseConfiguration database = configuration.database();
        Duration freshness = configuration.tokens().revocationFreshness().toJavaDuration();
        var feed = new ChangeFeed(
                database::openFeed, database::openProbe, revoked, userCache, clock, freshness, environment.metrics());
        environment.lifecycle().manage(new AutoCloseableManager(feed));
        if (!feed.start(database.startupWait().toJavaDuration().plus(FEED_WAIT))) {
            feed.close();
            throw new StartRefusedException(
                    "FEED_DATABASE_URL, or DATABASE_URL", "revocations cannot be heard there: " + feed.failure());
        }
        return feed;
    }

    private static void registerQueries(
            RosterConfiguration configuration,
            Environment environment,
            Jdbi queries,
            UserCache userCache,
            BooleanSupplier isCacheTold) {
        DatabaseConfiguration database = configuration.database();
        MetricRegistry metrics = environment.metrics();
        Jdbi lists = connect(environment, database.lists(), "lists");
        Reads reads = new Reads(queries, metrics);
        Reads listReads = new Reads(lists, metrics);
        if (database.hasReplica()) {
            Jdbi replicaQueries = connect(environment, database.replicaQueries(), "replica-queries");
            Jdbi replicaLists = connect(environment, database.replicaLists(), "replica-lists");
            Replica replica = new Replica(queries, replicaQueries, metrics);
            environment.healthChecks().register("replica", replica);
            schedule(environment, "replica", replica, Replica.INTERVAL);
            reads = new Reads(queries, replicaQueries, replica, metrics);
            listReads = new Reads(lists, replicaLists, replica, metrics);
        }
        environment.jersey().register(new ReplicaLagFilter());
        UserReads users = new UserReads(reads, userCache, isCacheTold);
        environment.jersey().register(new UserQueryResource(users));
        environment.jersey().register(new SessionQueryResource(reads, users));
        SecretKey secretKey = configuration.tokens().secretKey();
        environment.jersey().register(new UserListResource(new UserLists(listReads), configuration.roles(), secretKey));
    }

    private static void registerHealth(RosterConfiguration configuration, Environment environment, Schema schema) {
        DatabaseHealthCheck database = new DatabaseHealthCheck(configuration.database()::openProbe);
        environment.lifecycle().manage(new AutoCloseableManager(database));
        environment.healthChecks().register("database", database);
        environment.healthChecks().register("migrations", new SchemaHealthCheck(schema));
        // The last to start is the first to stop: before what it asks.
        environment.lifecycle().manage(new AutoCloseableManager(environment.healthChecks()::shutdown));
        Drain drain = new Drain(configuration.shutdownDelay().toJavaDuration());
        environment.healthChecks().register("shutdown", drain);
        environment.jersey().register(drain);
        if (configuration.shutdownDelay().toMilliseconds() > 0) {
            environment.lifecycle().addServerLifecycleListener(server -> new DelayedShutdownHandler(drain).register());
        }
    }

    /** Runs it every now and then, until the lifecycle stops. */
    private static void schedule(Environment environment, String name, Runnable task, Duration interval) {
        Future<?> unused = environment
                .lifecycle()
                .scheduledExecutorService(name, true)
                .build()
                .scheduleWithFixedDelay(task, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void registerHttp(
            RosterConfiguration configuration, Environment environment, PasswordPolicy policy) {
        writeJson(environment.getObjectMapper());
        Roles roles = configuration.roles();
        var bodies = new BodyModule()
                .add(PersonName.class, PersonName::new, new PersonName("x"))
                .add(EmailAddress.class, EmailAddress::new, new EmailAddress("x@example.com"))
                .add(Role.class, roles::parse, Role.DEFAULT)
                .add(Password.class, Password::new, new Password(""))
                .add(NewPassword.class, policy::parse, new NewPassword(new Password("")));
        environment.jersey().register(new JsonBodyReader(bodies, environment.getValidator()));
        ((AbstractServerFactory) configuration.getServerFactory()).setRegisterDefaultExceptionMappers(false);
        PrometheusRegistry prometheus = Prometheus.register(environment, version());
        new HttpServer(
                        configuration.proxies(),
                        configuration.connections(),
                        configuration.corsOrigins(),
                        prometheus,
                        LimitConfiguration.NAMES)
                .register(environment);
        environment
                .admin()
                .addFilter("admin", new AdminFilter())
                .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
    }

    // Not on the mapper that reads config.yml: Dropwizard's own settings are not in snake case.
    private static void writeJson(ObjectMapper json) {
        json.setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);
        json.configOverride(Instant.class)
                .setFormat(JsonFormat.Value.forPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSX")
                        .withTimeZone(TimeZone.getTimeZone("UTC")));
    }

    private static void registerAuthentication(Environment environment, TokenAuthenticator authenticator) {
        BearerAuthFilter filter = new BearerAuthFilter.Builder()
                .setAuthenticator(authenticator)
                .setPrefix("Bearer")
                .setRealm("roster")
                .buildAuthFilter();
        environment.jersey().register(new AuthDynamicFeature(filter));
        environment.jersey().register(new AuthValueFactoryProvider.Binder<>(AccessToken.class));
    }

    private static void registerPurge(RosterConfiguration configuration, Environment environment, Purge purge) {
        registerJob(
                environment,
                "purge",
                purge::purge,
                configuration.purgeInterval().toJavaDuration());
        environment.admin().addTask(new PurgeTask(purge));
    }

    private void registerAudit(
            RosterConfiguration configuration, Environment environment, Jdbi commands, AuditEvents events) {
        AuditConfiguration audit = configuration.audit();
        AuditMonths months = new AuditMonths(commands, audit, clock);
        // Before the first event.
        registerJob(
                        environment,
                        "audit-months",
                        months::maintain,
                        configuration.purgeInterval().toJavaDuration())
                .run();
        Runnable forget = () -> {
            while (commands.inTransaction(events::forget)) {
                // and some more
            }
        };
        registerJob(
                environment,
                "audit-forget",
                forget,
                configuration.purgeInterval().toJavaDuration());
        Sealer sealer = new Sealer(commands, configuration.auditKey(), clock);
        registerJob(
                environment, "audit-seal", sealer::seal, audit.sealInterval().toJavaDuration());
    }

    private static Job registerJob(Environment environment, String name, Runnable task, Duration interval) {
        Job job = new Job(name, task, environment.metrics());
        schedule(environment, name, job, interval);
        environment.healthChecks().register(name, job);
        return job;
    }
}
