-- What is revoked of one user, for a node that ends all the user's sessions: it has to know of those that another has
-- just ended, too.

-- While nodes serve: not for longer than their statements may wait. Nothing is revoked meanwhile: some seconds where a
-- million ids are. Not CONCURRENTLY: that waits for every older transaction, another migration's that waits for this one
-- among them.
SET LOCAL lock_timeout = '500ms';

CREATE INDEX token_blocklist_user_id ON token_blocklist (user_id);
