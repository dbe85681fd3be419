-- Links that take back an earlier address.

-- While nodes serve, wait for the lock no longer than their statements may wait. If this fails, migrate again.
SET LOCAL lock_timeout = '500ms';

ALTER TABLE mail_tokens ADD COLUMN requires_reset boolean NOT NULL DEFAULT false;

COMMENT ON COLUMN mail_tokens.requires_reset IS 'Whether a revert with the token also requires a new password, because a'
    ' thief may know the present one.';
