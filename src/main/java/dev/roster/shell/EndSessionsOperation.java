package dev.roster.shell;

import dev.roster.audit.AuditEvent;
import dev.roster.audit.AuditEvents;
import dev.roster.command.session.EndedSessions;
import dev.roster.command.session.SessionCommands;
import dev.roster.token.AccessTokens;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import net.sourceforge.argparse4j.inf.Namespace;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** The command {@code end-sessions}: all that a person has at that moment, which may be none. */
public final class EndSessionsOperation implements Operation {
    private final Jdbi jdbi;
    private final AccessTokens tokens;
    private final AuditEvents audit;
    private final Operator operator;
    private final Terminal terminal;

    public EndSessionsOperation(
            Jdbi jdbi, AccessTokens tokens, AuditEvents audit, Operator operator, Terminal terminal) {
        this.jdbi = jdbi;
        this.tokens = tokens;
        this.audit = audit;
        this.operator = operator;
        this.terminal = terminal;
    }

    @Override
    public void run(Namespace arguments) throws IOException {
        terminal.print(jdbi.inTransaction(handle -> {
            UUID userId = People.named(handle, arguments);
            int ended = endAll(handle, userId);
            return "ended " + ended + (ended == 1 ? " session of " : " sessions of ") + userId;
        }));
    }

    private int endAll(Handle handle, UUID userId) {
        SessionCommands sessions = handle.attach(SessionCommands.class);
        if (sessions.lockUser(userId).isEmpty()) {
            throw People.nobody();
        }
        List<UUID> ended = sessions.endOthers(userId, null);
        AuditEvent event = operator.did(AuditEvent.Type.SESSION_ENDED, userId);
        audit.write(handle, ended.stream().map(event::in).toList());
        return EndedSessions.revoke(handle, userId, ended, EndedSessions.REASON, tokens)
                .size();
    }
}
