-- Tells every node that listens whose row has changed, so that none shows what it remembers of it; an empty payload is
-- everybody's. A password's new hash is shown nowhere, and is not told.

-- While nodes serve: not for longer than their statements may wait.
SET LOCAL lock_timeout = '500ms';

CREATE FUNCTION notify_users() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        PERFORM pg_notify('users', '');
    ELSE
        PERFORM pg_notify('users', OLD.id::text);
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER users_notify_update
    AFTER UPDATE ON users
    FOR EACH ROW
    WHEN ((OLD.id, OLD.name, OLD.email, OLD.role, OLD.version, OLD.created_at, OLD.updated_at)
        IS DISTINCT FROM (NEW.id, NEW.name, NEW.email, NEW.role, NEW.version, NEW.created_at, NEW.updated_at))
    EXECUTE FUNCTION notify_users();

CREATE TRIGGER users_notify_delete
    AFTER DELETE ON users
    FOR EACH ROW EXECUTE FUNCTION notify_users();

CREATE TRIGGER users_notify_truncate
    AFTER TRUNCATE ON users
    FOR EACH STATEMENT EXECUTE FUNCTION notify_users();
