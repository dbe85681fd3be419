package dev.roster;

import dev.roster.audit.AuditEvents;
import dev.roster.audit.AuditVerifier;
import dev.roster.command.user.UserCreation;
import dev.roster.command.user.UserDeletion;
import dev.roster.host.Purge;
import dev.roster.id.Ids;
import dev.roster.password.CommonPasswords;
import dev.roster.password.PasswordHasher;
import dev.roster.password.PasswordPolicy;
import dev.roster.settings.StartRefusedException;
import dev.roster.shell.CreateUserOperation;
import dev.roster.shell.DeleteUserOperation;
import dev.roster.shell.EndSessionsOperation;
import dev.roster.shell.ExportUserOperation;
import dev.roster.shell.ListBlocklistOperation;
import dev.roster.shell.Operation;
import dev.roster.shell.Operator;
import dev.roster.shell.PasswordSource;
import dev.roster.shell.People;
import dev.roster.shell.PurgeBlocklistOperation;
import dev.roster.shell.Terminal;
import dev.roster.token.AccessTokens;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/** The commands of operators, and what each is made of. */
final class ShellCommands {
    private final Clock clock;
    private final Terminal terminal;
    private final SecureRandom random = new SecureRandom();
    private final Ids ids;

    ShellCommands(Clock clock, Terminal terminal) {
        this.clock = clock;
        this.terminal = terminal;
        this.ids = new Ids(clock, random);
    }

    List<ShellCommand> all() {
        return List.of(
                new ShellCommand(
                        "create-user", "Creates a user, and prints the id", CreateUserOperation::declare, this::create),
                new ShellCommand("end-sessions", "Logs a person out everywhere", People::declare, this::endSessions),
                new ShellCommand(
                        "delete-user", "Deletes a person, without asking again", People::declare, this::delete),
                new ShellCommand(
                        "export-user",
                        "Prints everything that is held about a person, as JSON",
                        People::declare,
                        this::export),
                new ShellCommand(
                        "list-blocklist",
                        "Prints what is revoked, the newest first",
                        ListBlocklistOperation::declare,
                        this::list),
                new ShellCommand(
                        "purge-blocklist", "Deletes revocations that have expired", parser -> {}, this::purge));
    }

    private Operation create(RosterConfiguration configuration, Jdbi jdbi) {
        int minimumLength = configuration.passwords().minimumLength();
        PasswordPolicy policy = new PasswordPolicy(minimumLength, CommonPasswords.load(minimumLength));
        return new CreateUserOperation(
                new UserCreation(jdbi, policy, audit(configuration, jdbi)),
                configuration.roles(),
                new PasswordSource(policy, minimumLength, random, terminal),
                new PasswordHasher(configuration.passwords().bcryptCost(), random),
                ids,
                terminal);
    }

    private Operation endSessions(RosterConfiguration configuration, Jdbi jdbi) {
        return new EndSessionsOperation(
                jdbi, tokens(configuration), audit(configuration, jdbi), new Operator(ids), terminal);
    }

    private Operation delete(RosterConfiguration configuration, Jdbi jdbi) {
        UserDeletion deletion = new UserDeletion(tokens(configuration), audit(configuration, jdbi));
        return new DeleteUserOperation(jdbi, deletion, new Operator(ids), terminal);
    }

    private Operation export(RosterConfiguration configuration, Jdbi jdbi) {
        requireAuditKey(configuration, jdbi);
        return new ExportUserOperation(jdbi, configuration.tokens().secretKey(), terminal);
    }

    private Operation list(RosterConfiguration configuration, Jdbi jdbi) {
        return new ListBlocklistOperation(jdbi, terminal);
    }

    private Operation purge(RosterConfiguration configuration, Jdbi jdbi) {
        return new PurgeBlocklistOperation(
                new Purge(jdbi, configuration.sessions().refreshGrace().toJavaDuration()), terminal);
    }

    /** What they revoke outlasts every token, also where this process's environment is not the nodes'. */
    private AccessTokens tokens(RosterConfiguration configuration) {
        return new AccessTokens(configuration.tokens().withLongestLifetime(), clock);
    }

    private AuditEvents audit(RosterConfiguration configuration, Jdbi jdbi) {
        requireAuditKey(configuration, jdbi);
        return new AuditEvents(configuration.auditKey(), ids, clock);
    }

    /** With another key than the nodes', an event would seem to be forged, and limits not be found. */
    private static void requireAuditKey(RosterConfiguration configuration, Jdbi jdbi) {
        if (!new AuditVerifier(configuration.auditKey(), LocalDate.EPOCH, finding -> {}).isKeyRight(jdbi)) {
            throw new StartRefusedException(
                    "AUDIT_SECRET_KEY, or JWT_SECRET_KEY",
                    "is not the one with which this database's audit trail was written");
        }
    }
}
