-- Operators may disable people, and may require that a password is set anew. People may also have no password yet.

-- While nodes serve: not for longer than their statements may wait.
SET LOCAL lock_timeout = '500ms';

-- NOT VALID: otherwise PostgreSQL reads the whole table under a lock that no request passes. All rows satisfy the
-- constraints, because the columns are new.
ALTER TABLE users
    ADD COLUMN disabled_at timestamptz,
    ADD COLUMN disabled_until timestamptz,
    ADD COLUMN disabled_reason text,
    ADD COLUMN password_reset_required_at timestamptz,
    ALTER COLUMN password_hash DROP NOT NULL,
    ADD CONSTRAINT users_disabled_whole
        CHECK (disabled_at IS NOT NULL OR (disabled_until IS NULL AND disabled_reason IS NULL)) NOT VALID,
    ADD CONSTRAINT users_disabled_reason_length CHECK (char_length(disabled_reason) BETWEEN 1 AND 200) NOT VALID;

COMMENT ON COLUMN users.password_hash IS 'The bcrypt hash of the password. Null if the person has none yet, and so cannot'
    ' log in.';
COMMENT ON COLUMN users.disabled_at IS 'When an operator disabled the person; null if nobody did, or if they were enabled.'
    ' To disable by hand, run disable-user instead: it also ends the sessions.';
COMMENT ON COLUMN users.disabled_until IS 'When the person may log in again; null if an operator has to enable them.';
COMMENT ON COLUMN users.disabled_reason IS 'Why, in the operator''s words.';
COMMENT ON COLUMN users.password_reset_required_at IS 'When an operator required that the password is set anew; null if'
    ' nobody did, or if it was. Until then, the person cannot log in.';
