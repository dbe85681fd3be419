-- When each user last logged in: a table of its own, because each login would write all indexes of users otherwise.
-- Earlier logins are unknown: sessions that have ended are deleted, and the audit trail may be shorter than that.

-- While nodes serve: not for longer than their statements may wait.
SET LOCAL lock_timeout = '500ms';

CREATE TABLE last_logins (
    user_id       uuid PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    last_login_at timestamptz NOT NULL
);

CREATE INDEX last_logins_last_login_at ON last_logins (last_login_at, user_id);

COMMENT ON TABLE last_logins IS 'When each user last logged in, for operators. No row: not since this table exists.';
COMMENT ON COLUMN last_logins.user_id IS 'The user.';
COMMENT ON COLUMN last_logins.last_login_at IS 'The time of a login. Another login within a minute does not change it.';
