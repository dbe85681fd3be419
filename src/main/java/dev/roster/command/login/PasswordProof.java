package dev.roster.command.login;

import dev.roster.command.account.PasswordChecks;
import dev.roster.command.session.NewSession;
import dev.roster.command.session.OpenSession;
import dev.roster.command.session.SessionOpening;
import dev.roster.limit.Guess;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * The right password. It holds while the user exists and still has the hash that it was checked against.
 *
 * @param verifiedHash that hash
 */
record PasswordProof(PasswordChecks passwords, String verifiedHash, Guess guess, PasswordChecks.Check check)
        implements SessionOpening.Proof {

    @Override
    public Optional<OpenSession> open(Handle handle, NewSession session) {
        LoginCommands logins = handle.attach(LoginCommands.class);
        return check.newHash() == null
                ? logins.open(session, verifiedHash)
                : logins.openAndRehash(session, verifiedHash, check.newHash());
    }

    @Override
    public void accept(Handle handle) {
        passwords.accept(handle, guess, check);
    }

    @Override
    public String toString() {
        return "PasswordProof[********]";
    }
}
