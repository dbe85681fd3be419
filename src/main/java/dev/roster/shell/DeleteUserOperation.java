package dev.roster.shell;

import dev.roster.audit.AuditEvent;
import dev.roster.command.user.UserDeletion;
import java.io.IOException;
import java.util.UUID;
import net.sourceforge.argparse4j.inf.Namespace;
import org.jdbi.v3.core.Jdbi;

/** The command {@code delete-user}: what the API's deletion is, without being asked for by the user. */
public final class DeleteUserOperation implements Operation {
    private final Jdbi jdbi;
    private final UserDeletion deletion;
    private final Operator operator;
    private final Terminal terminal;

    public DeleteUserOperation(Jdbi jdbi, UserDeletion deletion, Operator operator, Terminal terminal) {
        this.jdbi = jdbi;
        this.deletion = deletion;
        this.operator = operator;
        this.terminal = terminal;
    }

    @Override
    public void run(Namespace arguments) throws IOException {
        UUID deleted = jdbi.inTransaction(handle -> {
            UUID id = People.named(handle, arguments);
            return deletion.delete(handle, id, null, operator.did(AuditEvent.Type.DELETED, id))
                    .orElseThrow(People::nobody)
                    .id();
        });
        terminal.print("deleted " + deleted);
    }
}
