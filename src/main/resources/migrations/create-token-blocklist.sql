-- What is revoked. An access token is refused when its jti, its sid or its sub is here.
CREATE TABLE token_blocklist (
    id         uuid PRIMARY KEY,
    kind       text NOT NULL,
    user_id    uuid, -- no foreign key: a deleted user's row outlives the user
    reason     text NOT NULL DEFAULT 'by_hand',
    revoked_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,

    CONSTRAINT token_blocklist_kind_known CHECK (kind IN ('token', 'session', 'user')),
    CONSTRAINT token_blocklist_user_is_id CHECK (kind <> 'user' OR user_id = id)
);

CREATE INDEX token_blocklist_expires_at ON token_blocklist (expires_at);

-- Tells every node that listens: the id, and until when (in seconds since 1970) it has to be remembered.
CREATE FUNCTION notify_token_blocklist() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('token_blocklist', NEW.id || ' ' || ceil(extract(epoch FROM NEW.expires_at)));
    RETURN NULL;
END
$$;

CREATE TRIGGER token_blocklist_notify
    AFTER INSERT OR UPDATE ON token_blocklist
    FOR EACH ROW EXECUTE FUNCTION notify_token_blocklist();
