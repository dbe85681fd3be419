SET LOCAL lock_timeout = '500ms';

DROP TRIGGER audit_events_forget_operators_words ON audit_events;
DROP FUNCTION forget_operators_words();
DROP TRIGGER audit_unforgotten_keep ON audit_unforgotten;
DROP FUNCTION keep_unforgotten();
DROP TRIGGER audit_events_no_update ON audit_events;

-- Also drops the constraints of these columns.
ALTER TABLE audit_events
    DROP COLUMN key_id,
    DROP COLUMN target_key_id,
    DROP COLUMN reason,
    DROP COLUMN reason_mac,
    DROP COLUMN actor,
    DROP COLUMN actor_mac,
    DROP CONSTRAINT audit_events_type_known;

-- Events of the newer types stay, so the first is never validated.
ALTER TABLE audit_events
    ADD CONSTRAINT audit_events_type_known CHECK (type IN (
        'registered', 'logged_in', 'login_refused', 'details_changed', 'password_changed', 'password_refused',
        'logged_out', 'session_ended', 'refresh_token_reused', 'deleted', 'limit_hit')) NOT VALID,
    ADD CONSTRAINT audit_events_deleted_is_nameless CHECK (type <> 'deleted' OR user_agent IS NULL) NOT VALID;

CREATE TRIGGER audit_events_no_update
    BEFORE UPDATE ON audit_events
    FOR EACH ROW
    WHEN (NEW.user_agent IS NOT NULL OR NEW.user_agent_mac IS NOT NULL
        OR (NEW.id, NEW.occurred_at, NEW.type, NEW.actor_id, NEW.target_id, NEW.session_id, NEW.details, NEW.request_id,
            NEW.ip, NEW.mac)
        IS DISTINCT FROM (OLD.id, OLD.occurred_at, OLD.type, OLD.actor_id, OLD.target_id, OLD.session_id, OLD.details,
            OLD.request_id, OLD.ip, OLD.mac))
    EXECUTE FUNCTION refuse_audit_change();
