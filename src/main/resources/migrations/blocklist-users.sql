-- What was revoked of one user lately, for a node that ends all the user's sessions: it has to know of those that another
-- has just ended, too.

-- While nodes serve: what revokes waits meanwhile, and is answered 503 where it takes longer than a statement may, as with
-- a million ids. Where the lock is not had at once, as while autovacuum is at work, migrate again. Not CONCURRENTLY: that
-- waits for every older transaction, another migration's that waits for this one among them.
SET LOCAL lock_timeout = '500ms';

CREATE INDEX token_blocklist_user_id ON token_blocklist (user_id, revoked_at);
