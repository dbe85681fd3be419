-- Tells every node of changes to what proves an address, too. Statements of the service also change the version.

-- While nodes serve, wait for the lock no longer than their statements may wait. If this fails, migrate again.
SET LOCAL lock_timeout = '500ms';

DROP TRIGGER users_notify_update ON users;
CREATE TRIGGER users_notify_update
    AFTER UPDATE ON users
    FOR EACH ROW
    WHEN ((OLD.id, OLD.name, OLD.email, OLD.role, OLD.version, OLD.created_at, OLD.updated_at, OLD.profile, OLD.metadata,
            OLD.email_verified_at, OLD.pending_email)
        IS DISTINCT FROM (NEW.id, NEW.name, NEW.email, NEW.role, NEW.version, NEW.created_at, NEW.updated_at,
            NEW.profile, NEW.metadata, NEW.email_verified_at, NEW.pending_email))
    EXECUTE FUNCTION notify_users();
