package dev.roster.command.user;

import dev.roster.token.AccessTokens;
import dev.roster.token.RevokedTokens;
import dev.roster.token.TokenBlocklist;
import dev.roster.user.RefusedException;
import java.time.Instant;
import org.jdbi.v3.core.Jdbi;

/** Deletes users and, in the same transaction, revokes every token of theirs. Thread-safe. */
public final class DeleteUserHandler {
    private final Jdbi jdbi;
    private final Ownership ownership;
    private final AccessTokens tokens;
    private final RevokedTokens revoked;

    public DeleteUserHandler(Jdbi jdbi, AccessTokens tokens, RevokedTokens revoked) {
        this.jdbi = jdbi;
        this.ownership = new Ownership(jdbi, tokens, revoked);
        this.tokens = tokens;
        this.revoked = revoked;
    }

    /** @throws RefusedException {@code INVALID_TOKEN}, {@code FORBIDDEN}, {@code NOT_FOUND}, {@code VERSION_CONFLICT} */
    public void handle(DeleteUser command) {
        ownership.require(command.caller(), command.id());
        Instant latestEnd = tokens.latestEnd();
        jdbi.useTransaction(handle -> {
            UserCommands users = handle.attach(UserCommands.class);
            if (!users.delete(command.id(), command.versions())) {
                throw Missing.callerOrVersion(users, command.id());
            }
            handle.attach(TokenBlocklist.class).revokeUser(command.id(), "user_deleted", latestEnd);
        });
        revoked.add(command.id(), latestEnd);
    }
}
