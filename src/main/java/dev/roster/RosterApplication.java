package dev.roster;

import dev.roster.admin.AdminModule;
import dev.roster.apikey.ApiKeyModule;
import dev.roster.audit.AuditModule;
import dev.roster.command.CommandModule;
import dev.roster.command.account.AccountModule;
import dev.roster.command.emailchange.EmailChangeModule;
import dev.roster.command.login.LoginModule;
import dev.roster.command.refresh.RefreshModule;
import dev.roster.command.registration.RegistrationModule;
import dev.roster.command.reset.ResetModule;
import dev.roster.command.session.SessionModule;
import dev.roster.command.user.UserDeletion;
import dev.roster.command.user.UserModule;
import dev.roster.command.verification.VerificationModule;
import dev.roster.database.Connector;
import dev.roster.database.DatabaseFailures;
import dev.roster.database.DatabaseModule;
import dev.roster.database.MigrationCommand;
import dev.roster.database.PoolConnector;
import dev.roster.database.ShellConnector;
import dev.roster.database.session.SessionOptions;
import dev.roster.directory.DirectoryModule;
import dev.roster.docs.DocsModule;
import dev.roster.feed.FeedModule;
import dev.roster.host.Host;
import dev.roster.host.HostModule;
import dev.roster.http.HttpModule;
import dev.roster.integration.IntegrationModule;
import dev.roster.limit.LimitModule;
import dev.roster.mail.MailModule;
import dev.roster.metrics.MetricsModule;
import dev.roster.operator.Operators;
import dev.roster.operator.UserAdministration;
import dev.roster.page.PageModule;
import dev.roster.password.PasswordModule;
import dev.roster.profile.ProfileModule;
import dev.roster.query.QueryModule;
import dev.roster.query.filter.Filters;
import dev.roster.revocation.RevocationModule;
import dev.roster.settings.EnvironmentSource;
import dev.roster.settings.RequiredConfigurationFile;
import dev.roster.settings.StartCommand;
import dev.roster.shell.ShellCommands;
import dev.roster.shell.ShellSetup;
import dev.roster.shell.terminal.Terminal;
import dev.roster.token.TokenModule;
import io.dropwizard.core.Application;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The service and its commands. {@link #wire} plugs all rooms in, top to bottom. */
public class RosterApplication extends Application<RosterConfiguration> {
    static {
        SessionOptions.useUtc(); // before the constructor of the superclass reads the zone
    }

    private final UnaryOperator<@Nullable String> environment;
    private final Clock clock;
    private final Terminal terminal;

    public RosterApplication() {
        this(System::getenv, Clock.systemUTC(), Terminal.ofProcess());
    }

    /** @param environment the value of an environment variable; null if it is not set */
    public RosterApplication(UnaryOperator<@Nullable String> environment, Clock clock, Terminal terminal) {
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
                new EnvironmentSource(bootstrap.getConfigurationSourceProvider(), environment));
        bootstrap.setConfigurationFactoryFactory(RequiredConfigurationFile::new);
    }

    @Override
    protected void addDefaultCommands(Bootstrap<RosterConfiguration> bootstrap) {
        bootstrap.addCommand(new StartCommand<>(this, DatabaseFailures::refusal));
        bootstrap.addCommand(new MigrationCommand<>(
                RosterConfiguration::database, RosterConfiguration::makeIndexes, RosterConfiguration.class));
        ShellCommands.all(new ShellSetup<>(
                        RosterConfiguration.class,
                        (c, host) -> wire(c.forShell(), host, new ShellConnector(c.database())),
                        terminal,
                        clock))
                .forEach(bootstrap::addCommand);
    }

    @Override
    public void run(RosterConfiguration c, Environment environment) throws Exception {
        Host host = new Host(environment, clock, new SecureRandom());
        Operators unused = wire(c, host, new PoolConnector(host));
        host.start();
    }

    /** Plugs all rooms in, and starts none. Each gets its section of the configuration and the rooms that it needs. */
    static Operators wire(RosterConfiguration c, Host host, Connector connector) {
        var key = c.tokens().secretKey();
        host.add(new MetricsModule());
        host.add(new HostModule(c.purgeInterval(), c.shutdownDelay(), c.adminHosts()));
        host.add(new HttpModule(c.http()));
        var m = c.mail();
        host.add(new DocsModule(c.isRegistrationOpen(), c.isDirectoryOpen(), m.isOn(), m.isRegistrationProven()));
        var profiles = host.add(new ProfileModule(c.profiles()));
        var database = host.add(new DatabaseModule(host, c.database(), connector));
        var feed = host.add(new FeedModule(host, database, c.tokens().revocationFreshness()))
                .feed();
        var revocation = host.add(new RevocationModule(host, database, feed));
        var tokens = host.add(new TokenModule(host, c.tokens(), c.roles(), database, feed, revocation));
        var passwords = host.add(new PasswordModule(host, c.passwords()));
        var limits = host.add(new LimitModule(c.limits(), database, key));
        var audit = host.add(new AuditModule(host, c.audit(), c.auditKey(), database, c.purgeInterval()));
        var queries = host.add(
                new QueryModule(host, c.userCache(), new Filters(c.roles(), profiles.filters()), key, database, feed));
        var mail = host.add(new MailModule(host, m, database, limits, key));
        var commands = host.add(
                        new CommandModule(database, feed, audit.events(), revocation.revoked(), queries::changed))
                .commands();
        var accounts = host.add(new AccountModule(database, commands, tokens, revocation, passwords, limits));
        var sessions = host.add(new SessionModule(c.sessions(), database, commands, tokens, limits, accounts));
        var login = host.add(new LoginModule(database, commands, accounts, sessions, tokens, revocation));
        host.add(new RefreshModule(c.sessions(), database, commands, sessions, limits));
        var verification =
                host.add(new VerificationModule(database, commands, accounts, sessions, mail, tokens.authenticator()));
        var registration = host.add(
                new RegistrationModule(host, c.isRegistrationOpen(), c.roles(), commands, accounts, verification));
        host.add(new DirectoryModule(c.isDirectoryOpen()));
        var deletion = new UserDeletion(tokens.accessTokens(), audit.events());
        var users = host.add(new UserModule(database, commands, accounts, sessions, deletion, mail));
        host.add(new ResetModule(database, commands, accounts, sessions, mail));
        host.add(new EmailChangeModule(database, commands, sessions, mail));
        host.add(new PageModule(mail.isOn()));
        var administration = new UserAdministration(commands, registration, users, sessions, accounts, host);
        var apiKeys = host.add(new ApiKeyModule(host, c.apiKeys(), database, feed, commands, limits));
        var operators = new Operators(host, database, administration, apiKeys.keys(), tokens.rotation(), audit);
        host.add(new IntegrationModule(host, c.tokens(), tokens, login, apiKeys, revocation));
        host.add(new AdminModule(c.admin(), apiKeys, operators, queries));
        return operators;
    }
}
