package dev.roster.token.revocation;

import java.util.UUID;

/** Is told of changes of the table {@code users}, once they are committed. Thread-safe, and keeps nobody waiting. */
public interface UserListener {

    /** Something that is shown of this user has changed, or the user was deleted. */
    void changed(UUID id);

    /** Anything may have changed: not all of it was heard. */
    void missed();
}
