-- The mails to people who become users later.

-- While nodes serve, wait for the lock no longer than their statements may wait. If this fails, migrate again.
SET LOCAL lock_timeout = '500ms';

CREATE INDEX mails_token_id ON mails (token_id) WHERE user_id IS NULL;
