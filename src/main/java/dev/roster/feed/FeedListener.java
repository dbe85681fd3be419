package dev.roster.feed;

import java.util.UUID;

/** Is told of changes of the table {@code users}, once they are committed. Thread-safe, and keeps nobody waiting. */
public interface FeedListener {

    /** Something that is shown of this user has changed, or the user was deleted. */
    void changed(UUID id);

    /** Anything may have changed: not all of it was heard. */
    void missed();
}
