package dev.roster.command.login;

import dev.roster.command.account.PasswordChecks;
import dev.roster.command.session.NewSession;
import dev.roster.command.session.SessionOpening;
import dev.roster.limit.Guess;
import dev.roster.user.JsonObject;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * The right password of one login. It holds while the user exists and still has the hash that it was checked against.
 * Not thread-safe.
 */
final class PasswordProof implements SessionOpening.Proof {
    private final PasswordChecks passwords;
    private final String verifiedHash;
    private final Guess guess;
    private final PasswordChecks.Check check;
    private JsonObject profile = JsonObject.EMPTY;

    /** @param verifiedHash the hash that the password was checked against */
    PasswordProof(PasswordChecks passwords, String verifiedHash, Guess guess, PasswordChecks.Check check) {
        this.passwords = passwords;
        this.verifiedHash = verifiedHash;
        this.guess = guess;
        this.check = check;
    }

    @Override
    public Optional<SessionOpening.Outcome> open(Handle handle, NewSession session) {
        LoginCommands logins = handle.attach(LoginCommands.class);
        Optional<OpenedLogin> opened = check.newHash() == null
                ? logins.open(session, verifiedHash)
                : logins.openAndRehash(session, verifiedHash, check.newHash());
        opened.ifPresent(login -> profile = login.profile());
        return opened.map(OpenedLogin::outcome);
    }

    @Override
    public void confirm(Handle handle) {
        passwords.confirm(handle, guess, check);
    }

    @Override
    public void accept(Handle handle) {
        passwords.accept(handle, guess, check);
    }

    /** The profile of the user whose session was opened. */
    JsonObject profile() {
        return profile;
    }
}
