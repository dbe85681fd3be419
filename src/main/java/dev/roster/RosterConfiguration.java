package dev.roster;

import ch.qos.logback.classic.Level;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.roster.admin.AdminConfiguration;
import dev.roster.apikey.KeyLimitConfiguration;
import dev.roster.audit.AuditConfiguration;
import dev.roster.command.session.SessionConfiguration;
import dev.roster.database.DatabaseConfiguration;
import dev.roster.host.admin.AdminHosts;
import dev.roster.http.HttpConfiguration;
import dev.roster.http.connection.ConnectionConfiguration;
import dev.roster.http.connection.ProxyConfiguration;
import dev.roster.http.cors.AllowedOrigins;
import dev.roster.http.protocol.AllowedHosts;
import dev.roster.key.SecretKey;
import dev.roster.limit.LimitConfiguration;
import dev.roster.log.JsonLog;
import dev.roster.mail.MailConfiguration;
import dev.roster.password.PasswordConfiguration;
import dev.roster.profile.ProfileConfiguration;
import dev.roster.token.TokenConfiguration;
import dev.roster.user.Role;
import dev.roster.user.Roles;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.server.AbstractServerFactory;
import io.dropwizard.core.server.ServerFactory;
import io.dropwizard.logging.common.DefaultLoggingFactory;
import io.dropwizard.logging.common.LoggingFactory;
import io.dropwizard.request.logging.LogbackAccessRequestLogFactory;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDuration;
import io.dropwizard.validation.MinDuration;
import io.dropwizard.validation.ValidationMethod;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** {@code config.yml}, typed and validated. A value that is missing, unknown or out of range stops the start. */
public final class RosterConfiguration extends Configuration {
    @NotNull
    @Valid
    private final DatabaseConfiguration database;

    @NotNull
    @Valid
    private TokenConfiguration tokens;

    @NotNull
    @Valid
    private final SessionConfiguration sessions;

    @NotNull
    @Valid
    private final PasswordConfiguration passwords;

    @NotNull
    @Valid
    private final RoleConfiguration roles;

    @NotNull
    @Pattern(regexp = "open|closed", message = "must be open or closed")
    private final String registration;

    @NotNull
    @Pattern(regexp = "all|self", message = "must be all or self")
    private final String directory;

    @NotNull
    @Valid
    private final ProfileConfiguration profiles;

    @NotNull
    @Valid
    private final ConnectionConfiguration connections;

    @NotNull
    @Valid
    private final ProxyConfiguration proxies;

    @NotNull
    @Valid
    private final LimitConfiguration limits;

    @NotNull
    @Valid
    private final KeyLimitConfiguration apiKeys;

    @NotNull
    @Valid
    private final AdminConfiguration admin;

    @NotNull
    @Valid
    private final AuditConfiguration audit;

    @NotNull
    @Valid
    private final MailConfiguration mail;

    @NotNull
    @Valid
    private final AllowedHosts allowedHosts;

    @NotNull
    @Valid
    private final AllowedOrigins corsOrigins;

    @NotNull
    @Valid
    private final AdminHosts adminHosts;

    @NotNull
    @Pattern(regexp = "text|json", message = "must be text or json")
    private final String logFormat;

    @NotNull
    @Min(0)
    @Max(10_000_000)
    private final Integer userCache;

    @NotNull
    @MinDuration(value = 1, unit = TimeUnit.SECONDS)
    @MaxDuration(value = 1, unit = TimeUnit.DAYS)
    private final Duration purgeInterval;

    @NotNull
    @MaxDuration(value = 5, unit = TimeUnit.MINUTES)
    private final Duration shutdownDelay;

    public RosterConfiguration(
            @JsonProperty("database") DatabaseConfiguration database,
            @JsonProperty("tokens") TokenConfiguration tokens,
            @JsonProperty("sessions") SessionConfiguration sessions,
            @JsonProperty("passwords") PasswordConfiguration passwords,
            @JsonProperty("roles") RoleConfiguration roles,
            @JsonProperty("registration") String registration,
            @JsonProperty("directory") String directory,
            @JsonProperty("profiles") ProfileConfiguration profiles,
            @JsonProperty("connections") ConnectionConfiguration connections,
            @JsonProperty("proxies") ProxyConfiguration proxies,
            @JsonProperty("limits") LimitConfiguration limits,
            @JsonProperty("apiKeys") KeyLimitConfiguration apiKeys,
            @JsonProperty("admin") AdminConfiguration admin,
            @JsonProperty("audit") AuditConfiguration audit,
            @JsonProperty("mail") MailConfiguration mail,
            @JsonProperty("allowedHosts") AllowedHosts allowedHosts,
            @JsonProperty("corsOrigins") AllowedOrigins corsOrigins,
            @JsonProperty("adminHosts") AdminHosts adminHosts,
            @JsonProperty("logFormat") String logFormat,
            @JsonProperty("userCache") Integer userCache,
            @JsonProperty("purgeInterval") Duration purgeInterval,
            @JsonProperty("shutdownDelay") Duration shutdownDelay) {
        this.database = database;
        this.tokens = tokens;
        this.sessions = sessions;
        this.passwords = passwords;
        this.roles = roles;
        this.registration = registration;
        this.directory = directory;
        this.profiles = profiles;
        this.connections = connections;
        this.proxies = proxies;
        this.limits = limits;
        this.apiKeys = apiKeys;
        this.admin = admin;
        this.audit = audit;
        this.mail = mail;
        this.allowedHosts = allowedHosts;
        this.corsOrigins = corsOrigins;
        this.adminHosts = adminHosts;
        this.logFormat = logFormat;
        this.userCache = userCache;
        this.purgeInterval = purgeInterval;
        this.shutdownDelay = shutdownDelay;
    }

    @Override
    public synchronized void setLoggingFactory(LoggingFactory logging) {
        super.setLoggingFactory(logging);
        if (isJsonLogged() && logging instanceof DefaultLoggingFactory log) {
            JsonLog.write(log);
        }
    }

    @Override
    public synchronized void setServerFactory(ServerFactory server) {
        super.setServerFactory(server);
        if (isJsonLogged()
                && server instanceof AbstractServerFactory known
                && known.getRequestLogFactory() instanceof LogbackAccessRequestLogFactory log) {
            JsonLog.write(log);
        }
    }

    private boolean isJsonLogged() {
        return "json".equals(logFormat);
    }

    public DatabaseConfiguration database() {
        return database;
    }

    public TokenConfiguration tokens() {
        return tokens;
    }

    /** For a command at a shell, which does not know the nodes' token lifetime: its revocations outlast every token. */
    RosterConfiguration forShell() {
        tokens = tokens.withLongestLifetime();
        return this;
    }

    public SessionConfiguration sessions() {
        return sessions;
    }

    public PasswordConfiguration passwords() {
        return passwords;
    }

    public Roles roles() {
        return new Roles(Set.copyOf(roles.all()), Set.copyOf(roles.selfAssignable()));
    }

    public ProfileConfiguration profiles() {
        return profiles;
    }

    /** Makes the indexes that the configuration demands. Runs after the migrations. */
    void makeIndexes(Connection connection) throws SQLException {
        profiles.indexes().migrate(connection);
    }

    /** Returns true if users may register themselves. */
    @JsonIgnore
    public boolean isRegistrationOpen() {
        return registration.equals("open");
    }

    /** Returns true if every user may see every user. */
    @JsonIgnore
    public boolean isDirectoryOpen() {
        return directory.equals("all");
    }

    public LimitConfiguration limits() {
        return limits;
    }

    public KeyLimitConfiguration apiKeys() {
        return apiKeys;
    }

    public AdminConfiguration admin() {
        return admin;
    }

    public AuditConfiguration audit() {
        return audit;
    }

    public MailConfiguration mail() {
        return mail;
    }

    /** The key that signs audit events and seals. */
    public SecretKey auditKey() {
        return audit.keyOr(tokens.secretKey());
    }

    @JsonIgnore
    @ValidationMethod(message = "(HASH_WAIT) must be less than EXCHANGE_TIMEOUT by 0.5 s, such as 5s and 9s")
    public boolean isHashWaitWithinExchange() {
        return passwords == null
                || connections == null
                || passwords.hashWait() == null
                || connections.exchangeTimeout() == null
                || passwords.hashWait().toJavaDuration().compareTo(connections.answerTimeout()) <= 0;
    }

    /** Logback replaces an unknown level by one of its own choice. */
    @JsonIgnore
    @ValidationMethod(message = "(LOG_LEVEL) must be one of OFF, ERROR, WARN, INFO, DEBUG, TRACE, ALL")
    public boolean isLogLevelKnown() {
        return !(getLoggingFactory() instanceof DefaultLoggingFactory logging)
                || Level.toLevel(logging.getLevel(), null) != null;
    }

    public HttpConfiguration http() {
        return new HttpConfiguration(
                getServerFactory(), proxies, connections, allowedHosts, corsOrigins, LimitConfiguration.NAMES);
    }

    /** The names under which the admin port answers. */
    public AdminHosts adminHosts() {
        return adminHosts;
    }

    /** How many users are cached; 0 to ask the database each time. */
    public int userCache() {
        return userCache;
    }

    /** How often expired rows are deleted, and partitions of the audit trail made and dropped. */
    public Duration purgeInterval() {
        return purgeInterval;
    }

    /** How long a node that was told to stop serves on, while it reports that it is not ready. */
    public Duration shutdownDelay() {
        return shutdownDelay;
    }

    /**
     * The {@code roles} section.
     *
     * @param all every role that a user may have
     * @param selfAssignable the roles that people may give themselves: a list, or a text with commas
     */
    public record RoleConfiguration(
            @NotEmpty Set<@Pattern(regexp = "[a-z][a-z0-9_-]{0,31}") String> all,

            @NotNull @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
            Set<String> selfAssignable) {

        public RoleConfiguration {
            if (selfAssignable != null) {
                selfAssignable = selfAssignable.stream()
                        .flatMap(names -> Arrays.stream(names.split(",", -1)))
                        .map(String::strip)
                        .collect(Collectors.toUnmodifiableSet());
            }
        }

        @ValidationMethod(message = "must contain user, the default role")
        public boolean isWithDefault() {
            return all == null || all.contains(Role.DEFAULT.value());
        }

        @ValidationMethod(
                message =
                        "(SELF_ASSIGNABLE_ROLES) must be roles of roles.all in config.yml, separated by commas, such as"
                                + " user")
        public boolean isWithSelfAssignable() {
            return all == null || selfAssignable == null || all.containsAll(selfAssignable);
        }
    }
}
