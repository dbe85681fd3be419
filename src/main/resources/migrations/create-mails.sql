-- The mails that are to be sent, and the tokens in their links. The database holds neither texts nor tokens: nodes make
-- both from these rows when they send a mail. So nobody can open an account with a copy of the database.

-- While nodes serve, wait for the lock no longer than their statements may wait. If this fails, migrate again.
SET LOCAL lock_timeout = '500ms';

ALTER TABLE users ADD COLUMN email_verified_at timestamptz;

CREATE TABLE mail_tokens (
    id         uuid PRIMARY KEY,
    purpose    text NOT NULL,
    user_id    uuid REFERENCES users (id) ON DELETE CASCADE,
    address    text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    used_at    timestamptz,

    CONSTRAINT mail_tokens_purpose_known CHECK (purpose IN ('verify', 'reset', 'change', 'revert')),
    CONSTRAINT mail_tokens_expire_later CHECK (expires_at > created_at)
);

CREATE INDEX mail_tokens_user_id ON mail_tokens (user_id, purpose);
CREATE INDEX mail_tokens_expires_at ON mail_tokens (expires_at);

CREATE TABLE mails (
    id          uuid PRIMARY KEY,
    kind        text NOT NULL,
    user_id     uuid REFERENCES users (id) ON DELETE CASCADE,
    address     text,
    token_id    uuid,
    created_at  timestamptz NOT NULL DEFAULT now(),
    next_at     timestamptz NOT NULL DEFAULT now(),
    lease_until timestamptz,
    attempts    integer NOT NULL DEFAULT 0,
    state       text NOT NULL DEFAULT 'due',
    failure     text,
    sent_at     timestamptz,

    CONSTRAINT mails_kind_form CHECK (kind ~ '^[a-z_]{1,40}$'),
    CONSTRAINT mails_state_known CHECK (state IN ('due', 'sent', 'failed', 'dropped')),
    CONSTRAINT mails_address_while_due CHECK (state <> 'due' OR address IS NOT NULL),
    CONSTRAINT mails_sent_at_if_sent CHECK ((state = 'sent') = (sent_at IS NOT NULL)),
    CONSTRAINT mails_failure_length CHECK (char_length(failure) BETWEEN 1 AND 200)
);

CREATE INDEX mails_due ON mails (next_at, id) WHERE state = 'due';
CREATE INDEX mails_next_at ON mails (next_at);
CREATE INDEX mails_address_to_forget ON mails (next_at) WHERE state <> 'due' AND address IS NOT NULL;
CREATE INDEX mails_user_id ON mails (user_id, created_at);

COMMENT ON COLUMN users.email_verified_at IS 'When the person proved that the present address is theirs; null if they did'
    ' not.';
COMMENT ON TABLE mail_tokens IS 'The tokens in links of mails. The table has no token and no hash of one: a token is the id'
    ' and a MAC of the row.';
COMMENT ON COLUMN mail_tokens.id IS 'The first 16 bytes of the token.';
COMMENT ON COLUMN mail_tokens.purpose IS 'What the token allows. It is valid for this purpose only.';
COMMENT ON COLUMN mail_tokens.user_id IS 'The user; null if no user has the requested address.';
COMMENT ON COLUMN mail_tokens.address IS 'The recipient of the mail; empty if no user has the requested address.';
COMMENT ON COLUMN mail_tokens.created_at IS 'When the mail was requested.';
COMMENT ON COLUMN mail_tokens.expires_at IS 'When the token expires.';
COMMENT ON COLUMN mail_tokens.used_at IS 'When the token was used, or replaced by a newer one or by a new password; null'
    ' before.';
COMMENT ON TABLE mails IS 'The outbox. The transaction of an event writes a row; a node sends it after the commit.';
COMMENT ON COLUMN mails.id IS 'The id. The Message-ID contains it, so it is the same for each attempt.';
COMMENT ON COLUMN mails.kind IS 'The kind, which names the templates of the text.';
COMMENT ON COLUMN mails.user_id IS 'The user; null if no user has the requested address: the mail is dropped.';
COMMENT ON COLUMN mails.address IS 'The recipient. Null from a day after the mail was sent, failed or was dropped.';
COMMENT ON COLUMN mails.token_id IS 'The token in the link; null if the mail has none.';
COMMENT ON COLUMN mails.created_at IS 'When the transaction of the event began.';
COMMENT ON COLUMN mails.next_at IS 'When the next attempt is due. In other states: when that state began.';
COMMENT ON COLUMN mails.lease_until IS 'Until when one node has claimed the row; null if none has.';
COMMENT ON COLUMN mails.attempts IS 'How often a node has claimed the row.';
COMMENT ON COLUMN mails.state IS 'due, sent, failed (given up), or dropped (no recipient, or its link does not work).';
COMMENT ON COLUMN mails.failure IS 'The class of the last failure, such as timeout or smtp-451.';
COMMENT ON COLUMN mails.sent_at IS 'When the server accepted the mail.';
