package dev.roster.shell;

import dev.roster.id.Ids;
import dev.roster.refusal.InvalidValueException;
import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import dev.roster.user.EmailAddress;
import java.util.Optional;
import java.util.UUID;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.sqlobject.statement.SqlQuery;

/** Who is meant by the argument {@code USER}: an id, or an e-mail address in whatever case. */
public interface People {
    String ARGUMENT = "USER";

    @SqlQuery("SELECT id FROM users WHERE email_key = lower(:email COLLATE \"C\")")
    Optional<UUID> find(String email);

    /** Adds the argument. */
    static void declare(Subparser parser) {
        parser.addArgument(ARGUMENT).help("the person's id or e-mail address");
    }

    /**
     * The id that the argument is, whether or not anybody has it, or that the owner of the address has.
     *
     * @throws RefusedException {@code INVALID}, {@code NOT_FOUND}
     */
    static UUID named(Handle handle, Namespace arguments) {
        String text = arguments.getString(ARGUMENT);
        Optional<UUID> id = Ids.parse(text);
        if (id.isPresent()) {
            return id.get();
        }
        try {
            String email = new EmailAddress(text).value();
            return handle.attach(People.class)
                    .find(email)
                    .orElseThrow(() -> new RefusedException(Refusal.NOT_FOUND, "Nobody has this e-mail address."));
        } catch (InvalidValueException e) {
            throw RefusedException.invalid(ARGUMENT, "must be an id or an e-mail address");
        }
    }

    /** The refusal of an id. */
    static RefusedException nobody() {
        return new RefusedException(Refusal.NOT_FOUND, "Nobody has this id.");
    }
}
