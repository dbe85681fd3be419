-- A session lives as long as it is refreshed. Its refresh token is nowhere in here: what is, is the token's hash.
ALTER TABLE sessions
    ADD COLUMN refresh_token_hash text, -- null where the login knew of no refresh tokens yet
    ADD COLUMN last_used_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN user_agent text,
    ADD COLUMN ip inet,
    ADD CONSTRAINT sessions_refresh_token_hash_form CHECK (refresh_token_hash ~ '^[A-Za-z0-9_-]{43}$'),
    ADD CONSTRAINT sessions_user_agent_length CHECK (char_length(user_agent) <= 256);

UPDATE sessions SET last_used_at = created_at;

-- The refresh tokens that a session has spent lately. Who presents one of these gets its successor once more, which is
-- made of the spent token and of this salt: neither alone tells anything of it. See RefreshToken.
CREATE TABLE spent_refresh_tokens (
    session_id     uuid NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    hash           text NOT NULL,
    successor_salt text NOT NULL,
    spent_at       timestamptz NOT NULL DEFAULT now(),

    PRIMARY KEY (session_id, hash)
);

CREATE INDEX spent_refresh_tokens_spent_at ON spent_refresh_tokens (spent_at);

-- What the blocklist says is over is over: also where somebody puts a session or a user on it by hand. Else its refresh
-- token would sleep until the row is purged.
CREATE FUNCTION end_blocked_sessions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.kind = 'session' THEN
        DELETE FROM sessions WHERE id = NEW.id;
    ELSIF NEW.kind = 'user' THEN
        DELETE FROM sessions WHERE user_id = NEW.id;
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER token_blocklist_end_sessions
    AFTER INSERT OR UPDATE ON token_blocklist
    FOR EACH ROW EXECUTE FUNCTION end_blocked_sessions();
