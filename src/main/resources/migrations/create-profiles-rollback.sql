SET LOCAL lock_timeout = '500ms';

DROP TRIGGER users_notify_update ON users;
ALTER TABLE users DROP COLUMN profile, DROP COLUMN metadata;
CREATE TRIGGER users_notify_update
    AFTER UPDATE ON users
    FOR EACH ROW
    WHEN ((OLD.id, OLD.name, OLD.email, OLD.role, OLD.version, OLD.created_at, OLD.updated_at)
        IS DISTINCT FROM (NEW.id, NEW.name, NEW.email, NEW.role, NEW.version, NEW.created_at, NEW.updated_at))
    EXECUTE FUNCTION notify_users();
