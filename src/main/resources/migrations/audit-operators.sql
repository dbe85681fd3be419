-- Events of operators: which API key acted, who used it, and why. Events of the older version have nulls in these columns,
-- and the older version goes on writing such events. No row is read or written here: columns without a default and
-- constraints that are not valid yet change the catalogue only. The next change set validates the constraints.

-- While nodes serve: not for longer than their statements may wait. Where the lock is not had at once, migrate again.
SET LOCAL lock_timeout = '500ms';

ALTER TABLE audit_events
    ADD COLUMN key_id text,
    ADD COLUMN target_key_id text,
    ADD COLUMN reason text,
    ADD COLUMN reason_mac bytea,
    ADD COLUMN actor text,
    ADD COLUMN actor_mac bytea;

ALTER TABLE audit_events
    DROP CONSTRAINT audit_events_type_known,
    DROP CONSTRAINT audit_events_deleted_is_nameless,
    ADD CONSTRAINT audit_events_type_known CHECK (type IN (
        'registered', 'logged_in', 'login_refused', 'details_changed', 'password_changed', 'password_refused',
        'logged_out', 'session_ended', 'refresh_token_reused', 'deleted', 'limit_hit',
        'disabled', 'enabled', 'password_reset_required', 'key_created', 'key_revoked')) NOT VALID,
    ADD CONSTRAINT audit_events_deleted_is_nameless
        CHECK (type <> 'deleted' OR (user_agent IS NULL AND reason IS NULL AND actor IS NULL)) NOT VALID,
    ADD CONSTRAINT audit_events_key_ids_form
        CHECK (key_id ~ '^[A-Za-z0-9_-]{12}$' AND target_key_id ~ '^[A-Za-z0-9_-]{12}$') NOT VALID,
    ADD CONSTRAINT audit_events_reason_length CHECK (char_length(reason) BETWEEN 1 AND 200) NOT VALID,
    ADD CONSTRAINT audit_events_reason_with_mac CHECK ((reason IS NULL) = (reason_mac IS NULL)) NOT VALID,
    ADD CONSTRAINT audit_events_actor_length CHECK (char_length(actor) BETWEEN 1 AND 64) NOT VALID,
    ADD CONSTRAINT audit_events_actor_with_mac CHECK ((actor IS NULL) = (actor_mac IS NULL)) NOT VALID;

-- An update may forget the user agent, the reason and the actor, each with its code, and nothing else.
DROP TRIGGER audit_events_no_update ON audit_events;
CREATE TRIGGER audit_events_no_update
    BEFORE UPDATE ON audit_events
    FOR EACH ROW
    WHEN ((NEW.user_agent, NEW.user_agent_mac) IS DISTINCT FROM (OLD.user_agent, OLD.user_agent_mac)
            AND (NEW.user_agent IS NOT NULL OR NEW.user_agent_mac IS NOT NULL)
        OR (NEW.reason, NEW.reason_mac) IS DISTINCT FROM (OLD.reason, OLD.reason_mac)
            AND (NEW.reason IS NOT NULL OR NEW.reason_mac IS NOT NULL)
        OR (NEW.actor, NEW.actor_mac) IS DISTINCT FROM (OLD.actor, OLD.actor_mac)
            AND (NEW.actor IS NOT NULL OR NEW.actor_mac IS NOT NULL)
        OR (NEW.id, NEW.occurred_at, NEW.type, NEW.actor_id, NEW.target_id, NEW.session_id, NEW.details, NEW.request_id,
            NEW.ip, NEW.key_id, NEW.target_key_id, NEW.mac)
        IS DISTINCT FROM (OLD.id, OLD.occurred_at, OLD.type, OLD.actor_id, OLD.target_id, OLD.session_id, OLD.details,
            OLD.request_id, OLD.ip, OLD.key_id, OLD.target_key_id, OLD.mac))
    EXECUTE FUNCTION refuse_audit_change();

-- A node of the older version that deletes a user forgets the user agents only, so the database forgets the reasons and
-- actors. A node of this version forgets them before, so the triggers find nothing, or leave the rest to the purge too.
-- A statement of a request has less than a second, so a purge forgets the events of a user who has many.
CREATE FUNCTION forget_operators_words() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) FROM (SELECT FROM audit_events WHERE target_id = NEW.target_id LIMIT 5001) AS events) > 5000
    THEN
        INSERT INTO audit_unforgotten (user_id) VALUES (NEW.target_id) ON CONFLICT DO NOTHING;
    ELSE
        UPDATE audit_events
           SET reason = NULL, reason_mac = NULL, actor = NULL, actor_mac = NULL
         WHERE target_id = NEW.target_id AND (reason IS NOT NULL OR actor IS NOT NULL);
    END IF;
    RETURN NULL;
END
$$;

-- The purge of a node of the older version takes a user for done who has no user agents any more.
CREATE FUNCTION keep_unforgotten() RETURNS trigger
    LANGUAGE plpgsql AS $$
DECLARE
    forgotten bigint;
BEGIN
    UPDATE audit_events
       SET reason = NULL, reason_mac = NULL, actor = NULL, actor_mac = NULL
     WHERE (occurred_at, id) IN (
               SELECT occurred_at, id
                 FROM audit_events
                WHERE target_id = OLD.user_id AND (reason IS NOT NULL OR actor IS NOT NULL)
                LIMIT 5000);
    GET DIAGNOSTICS forgotten = ROW_COUNT;
    RETURN CASE WHEN forgotten < 5000 THEN OLD END; -- null: the row stays, and the purge comes again
END
$$;

-- Both find the tables whatever search_path the writer has.
DO $$
DECLARE
    function regprocedure;
BEGIN
    FOREACH function IN ARRAY ARRAY['forget_operators_words()', 'keep_unforgotten()']::regprocedure[]
    LOOP
        EXECUTE format(
            'ALTER FUNCTION %s SET search_path = %I, pg_temp',
            function,
            (SELECT nspname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
              WHERE pg_class.oid = 'audit_events'::regclass));
    END LOOP;
END
$$;

CREATE TRIGGER audit_events_forget_operators_words
    AFTER INSERT ON audit_events
    FOR EACH ROW
    WHEN (NEW.type = 'deleted')
    EXECUTE FUNCTION forget_operators_words();

CREATE TRIGGER audit_unforgotten_keep
    BEFORE DELETE ON audit_unforgotten
    FOR EACH ROW
    EXECUTE FUNCTION keep_unforgotten();

COMMENT ON FUNCTION forget_operators_words() IS 'Trigger: when a deletion is recorded, removes the reasons and actors from'
    ' the user''s events, or leaves them to a purge if there are many. Nodes of the version before these columns do not.';
COMMENT ON FUNCTION keep_unforgotten() IS 'Trigger: removes reasons and actors from up to 5,000 of the deleted user''s'
    ' events, and keeps the row while there may be more. Nodes of the version before these columns do not.';

COMMENT ON COLUMN audit_events.key_id IS 'The API key with which an operator did it; null for users and at a shell.';
COMMENT ON COLUMN audit_events.target_key_id IS 'The API key that was made or revoked.';
COMMENT ON COLUMN audit_events.reason IS 'Why, in the operator''s words (Roster-Reason). Removed when the user is deleted.';
COMMENT ON COLUMN audit_events.reason_mac IS 'HMAC-SHA-256 of the id and the reason. Removed together with it.';
COMMENT ON COLUMN audit_events.actor IS 'Who used the API key, in the operator''s words (Roster-Actor). Removed when the user'
    ' is deleted.';
COMMENT ON COLUMN audit_events.actor_mac IS 'HMAC-SHA-256 of the id and the actor. Removed together with it.';
COMMENT ON COLUMN audit_events.mac IS 'HMAC-SHA-256 of the other columns with AUDIT_SECRET_KEY; of the user agent, the reason'
    ' and the actor only whether they were there. It shows whether somebody edited the row.';
COMMENT ON TABLE audit_unforgotten IS 'Deleted users whose user agents, reasons and actors are not yet removed from all their'
    ' events. A node removes the rest within PURGE_INTERVAL.';

-- The partitions that exist. The service copies the comments to each that it creates.
DO $$
DECLARE
    statement text;
BEGIN
    FOR statement IN
        SELECT format('COMMENT ON COLUMN %s.%I IS %L', inhrelid::regclass, attname, col_description(attrelid, attnum))
          FROM pg_inherits JOIN pg_attribute ON attrelid = inhparent
         WHERE inhparent = 'audit_events'::regclass
           AND attname IN ('key_id', 'target_key_id', 'reason', 'reason_mac', 'actor', 'actor_mac', 'mac')
    LOOP
        EXECUTE statement;
    END LOOP;
END
$$;
