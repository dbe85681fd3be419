package dev.roster.shell;

import dev.roster.shell.key.CreateKeyOperation;
import dev.roster.shell.key.ListKeysOperation;
import dev.roster.shell.key.RevokeKeyOperation;
import dev.roster.shell.key.RotateKeyOperation;
import dev.roster.shell.operation.EndAllSessionsOperation;
import dev.roster.shell.operation.ListBlocklistOperation;
import dev.roster.shell.operation.PurgeBlocklistOperation;
import dev.roster.shell.operation.VerifyAuditOperation;
import dev.roster.shell.terminal.Terminal;
import dev.roster.shell.user.CreateUserOperation;
import dev.roster.shell.user.DeleteUserOperation;
import dev.roster.shell.user.DisableUserOperation;
import dev.roster.shell.user.EnableUserOperation;
import dev.roster.shell.user.EndSessionsOperation;
import dev.roster.shell.user.ExportUserOperation;
import dev.roster.shell.user.SetPasswordOperation;
import dev.roster.shell.user.SetRoleOperation;
import dev.roster.shell.user.UserArgument;
import io.dropwizard.core.Configuration;
import java.util.List;

/** The commands of operators. */
public final class ShellCommands {
    private ShellCommands() {}

    /** All commands, for one application. */
    public static <T extends Configuration> List<ShellCommand<T>> all(ShellSetup<T> setup) {
        Terminal terminal = setup.terminal();
        return List.of(
                new ShellCommand<>(
                        "audit-verify",
                        "Finds events and seals of the audit trail that were edited, removed or inserted",
                        VerifyAuditOperation::declare,
                        new VerifyAuditOperation(terminal),
                        setup),
                new ShellCommand<>(
                        "create-key",
                        "Creates an API key, and prints it this once",
                        CreateKeyOperation::declare,
                        new CreateKeyOperation(terminal),
                        setup),
                new ShellCommand<>(
                        "list-keys",
                        "Prints the API keys, without their secrets",
                        parser -> {},
                        new ListKeysOperation(terminal),
                        setup),
                new ShellCommand<>(
                        "revoke-key",
                        "Revokes an API key",
                        RevokeKeyOperation::declare,
                        new RevokeKeyOperation(terminal),
                        setup),
                new ShellCommand<>(
                        "rotate-key",
                        "Replaces the key that signs access tokens",
                        RotateKeyOperation::declare,
                        new RotateKeyOperation(terminal),
                        setup),
                new ShellCommand<>(
                        "create-user",
                        "Creates a user, and prints the id",
                        CreateUserOperation::declare,
                        new CreateUserOperation(terminal),
                        setup),
                new ShellCommand<>(
                        "disable-user",
                        "Keeps a person from logging in, and logs them out everywhere",
                        DisableUserOperation::declare,
                        new DisableUserOperation(terminal),
                        setup),
                new ShellCommand<>(
                        "enable-user",
                        "Lets a disabled person log in again",
                        UserArgument::declare,
                        new EnableUserOperation(terminal),
                        setup),
                new ShellCommand<>(
                        "set-role",
                        "Gives a person another role",
                        SetRoleOperation::declare,
                        new SetRoleOperation(terminal),
                        setup),
                new ShellCommand<>(
                        "set-password",
                        "Gives a person another password, and logs them out everywhere",
                        SetPasswordOperation::declare,
                        new SetPasswordOperation(terminal),
                        setup),
                new ShellCommand<>(
                        "end-sessions",
                        "Logs a person out everywhere",
                        UserArgument::declare,
                        new EndSessionsOperation(terminal),
                        setup),
                new ShellCommand<>(
                        "end-all-sessions",
                        "Logs everybody out everywhere, as after a restore",
                        EndAllSessionsOperation::declare,
                        new EndAllSessionsOperation(terminal),
                        setup),
                new ShellCommand<>(
                        "delete-user",
                        "Deletes a person, without asking for confirmation",
                        UserArgument::declare,
                        new DeleteUserOperation(terminal),
                        setup),
                new ShellCommand<>(
                        "export-user",
                        "Prints everything that is held about a person, as JSON",
                        UserArgument::declare,
                        new ExportUserOperation(terminal),
                        setup),
                new ShellCommand<>(
                        "list-blocklist",
                        "Prints the revocations, the newest first",
                        ListBlocklistOperation::declare,
                        new ListBlocklistOperation(terminal),
                        setup),
                new ShellCommand<>(
                        "purge-blocklist",
                        "Deletes revocations that have expired",
                        parser -> {},
                        new PurgeBlocklistOperation(terminal),
                        setup));
    }
}
