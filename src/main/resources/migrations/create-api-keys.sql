-- Keys with which operators' programs call the operators' API. The table has the hash of a key's secret,
-- not the secret.

-- While nodes serve: not for longer than their statements may wait.
SET LOCAL lock_timeout = '500ms';

CREATE TABLE api_keys (
    id           text PRIMARY KEY,
    name         text NOT NULL,
    secret_hash  bytea NOT NULL,
    scopes       text[] NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    created_by   text,
    expires_at   timestamptz,
    last_used_at timestamptz,
    revoked_at   timestamptz,

    CONSTRAINT api_keys_id_form CHECK (id ~ '^[A-Za-z0-9_-]{12}$'),
    CONSTRAINT api_keys_name_length CHECK (char_length(name) BETWEEN 1 AND 100),
    CONSTRAINT api_keys_hash_length CHECK (octet_length(secret_hash) = 32),
    CONSTRAINT api_keys_scopes_given CHECK (cardinality(scopes) BETWEEN 1 AND 20 AND array_position(scopes, NULL) IS NULL)
);

CREATE FUNCTION notify_api_keys() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        PERFORM pg_notify('api_keys', '');
    ELSIF TG_OP = 'INSERT' THEN
        PERFORM pg_notify('api_keys', NEW.id);
    ELSE
        PERFORM pg_notify('api_keys', OLD.id);
    END IF;
    RETURN NULL;
END
$$;

-- A session that writes to the table may have another search_path, as that of pg_restore.
DO $$
BEGIN
    EXECUTE format(
        'ALTER FUNCTION notify_api_keys() SET search_path = %I, pg_temp',
        (SELECT nspname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
          WHERE pg_class.oid = 'api_keys'::regclass));
END
$$;

CREATE TRIGGER api_keys_notify_insert
    AFTER INSERT OR DELETE ON api_keys
    FOR EACH ROW EXECUTE FUNCTION notify_api_keys();

-- The time of the last use is written often, and no node remembers it.
CREATE TRIGGER api_keys_notify_update
    AFTER UPDATE ON api_keys
    FOR EACH ROW
    WHEN ((OLD.id, OLD.secret_hash, OLD.scopes, OLD.expires_at, OLD.revoked_at)
        IS DISTINCT FROM (NEW.id, NEW.secret_hash, NEW.scopes, NEW.expires_at, NEW.revoked_at))
    EXECUTE FUNCTION notify_api_keys();

CREATE TRIGGER api_keys_notify_truncate
    AFTER TRUNCATE ON api_keys
    FOR EACH STATEMENT EXECUTE FUNCTION notify_api_keys();

COMMENT ON TABLE api_keys IS 'Keys of operators'' programs. Rows stay for 400 days after a key has ended.';
COMMENT ON COLUMN api_keys.id IS 'The part of the key that is no secret: 12 characters of base64url.';
COMMENT ON COLUMN api_keys.name IS 'What operators call the key.';
COMMENT ON COLUMN api_keys.secret_hash IS 'SHA-256 of the 43 characters of the secret.';
COMMENT ON COLUMN api_keys.scopes IS 'What the key allows. A version ignores scopes that it does not know.';
COMMENT ON COLUMN api_keys.created_at IS 'When the key was made.';
COMMENT ON COLUMN api_keys.created_by IS 'The id of the key that made it; null if it was made at a shell.';
COMMENT ON COLUMN api_keys.expires_at IS 'When the key ends by itself; null if never.';
COMMENT ON COLUMN api_keys.last_used_at IS 'When the key was last used, to the minute; null if never.';
COMMENT ON COLUMN api_keys.revoked_at IS 'When the key was revoked; null if it was not.';
COMMENT ON FUNCTION notify_api_keys() IS 'Trigger: announces each changed key to all nodes, which keep keys in memory.';
