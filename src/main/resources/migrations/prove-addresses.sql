-- What proves that an address is a person's: pending changes of addresses, and pending registrations.

-- While nodes serve, wait for the lock no longer than their statements may wait. If this fails, migrate again.
SET LOCAL lock_timeout = '500ms';

ALTER TABLE users ADD COLUMN pending_email text;

CREATE TABLE pending_registrations (
    id            uuid PRIMARY KEY,
    name          text NOT NULL,
    email         text NOT NULL,
    -- As in users. Not unique: a registration that is not confirmed reserves nothing.
    email_key     text NOT NULL GENERATED ALWAYS AS (lower(email COLLATE "C")) STORED,
    role          text NOT NULL,
    profile       jsonb NOT NULL,
    password_hash text NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT now(),
    expires_at    timestamptz NOT NULL,

    CONSTRAINT pending_registrations_expire_later CHECK (expires_at > created_at)
);

CREATE INDEX pending_registrations_email_key ON pending_registrations (email_key, created_at);
CREATE INDEX pending_registrations_expires_at ON pending_registrations (expires_at);

ALTER TABLE mail_tokens
    ADD COLUMN pending_id uuid REFERENCES pending_registrations (id) ON DELETE CASCADE,
    ADD CONSTRAINT mail_tokens_one_owner CHECK (user_id IS NULL OR pending_id IS NULL);

CREATE INDEX mail_tokens_pending_id ON mail_tokens (pending_id);

COMMENT ON COLUMN users.pending_email IS 'The address that the person wants to have, and has not proven yet; null if'
    ' there is none.';
COMMENT ON TABLE pending_registrations IS 'Registrations whose address nobody has proven yet.';
COMMENT ON COLUMN pending_registrations.id IS 'The id, which becomes that of the user.';
COMMENT ON COLUMN pending_registrations.name IS 'The name.';
COMMENT ON COLUMN pending_registrations.email IS 'The address, as typed.';
COMMENT ON COLUMN pending_registrations.email_key IS 'The address in lower case.';
COMMENT ON COLUMN pending_registrations.role IS 'The role.';
COMMENT ON COLUMN pending_registrations.profile IS 'What the person keeps about themselves.';
COMMENT ON COLUMN pending_registrations.password_hash IS 'The bcrypt hash of the password.';
COMMENT ON COLUMN pending_registrations.created_at IS 'When it was requested.';
COMMENT ON COLUMN pending_registrations.expires_at IS 'Until when it can be confirmed.';
COMMENT ON COLUMN mail_tokens.pending_id IS 'The pending registration; null if the token is not for one.';
