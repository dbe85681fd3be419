-- What happened, by months. Nothing in here names a person: ids alone, and what the client says of itself, which goes
-- when its person is deleted. Each row has a code that only the service can make: see the room dev.roster.audit.
CREATE TABLE audit_events (
    id             uuid NOT NULL,
    occurred_at    timestamptz NOT NULL,
    type           text NOT NULL,
    actor_id       uuid, -- no foreign keys: the events outlive whom they are about
    target_id      uuid,
    session_id     uuid,
    details        text,
    request_id     text NOT NULL,
    ip             inet,
    user_agent     text,
    user_agent_mac bytea,
    mac            bytea NOT NULL,

    PRIMARY KEY (occurred_at, id),
    CONSTRAINT audit_events_type_known CHECK (type IN (
        'registered', 'logged_in', 'login_refused', 'details_changed', 'password_changed', 'password_refused',
        'logged_out', 'session_ended', 'refresh_token_reused', 'deleted', 'limit_hit')),
    CONSTRAINT audit_events_details_are_words CHECK (details ~ '^[a-z][a-z0-9_-]*(,[a-z][a-z0-9_-]*)*$'),
    CONSTRAINT audit_events_request_id_length CHECK (char_length(request_id) <= 64),
    CONSTRAINT audit_events_user_agent_length CHECK (char_length(user_agent) <= 256),
    CONSTRAINT audit_events_user_agent_with_mac CHECK ((user_agent IS NULL) = (user_agent_mac IS NULL)),
    CONSTRAINT audit_events_deleted_is_nameless CHECK (type <> 'deleted' OR user_agent IS NULL)
) PARTITION BY RANGE (occurred_at);

-- What happened to a person, and what a person did to somebody else; and what has to forget the person.
CREATE INDEX audit_events_target_id ON audit_events (target_id, occurred_at);
CREATE INDEX audit_events_actor_id ON audit_events (actor_id, occurred_at) WHERE actor_id IS DISTINCT FROM target_id;

-- The months are made by the service. What has none yet is not lost: it is here until it has.
CREATE TABLE audit_events_default PARTITION OF audit_events DEFAULT;

-- What is not in a seal yet. No index: the one who empties it takes what comes.
CREATE TABLE audit_unsealed (
    id          uuid NOT NULL,
    occurred_at timestamptz NOT NULL,
    mac         bytea NOT NULL
);

-- Which events there are, some at a time, each seal bound to the one before.
CREATE TABLE audit_seals (
    number       bigint PRIMARY KEY, -- 1, 2, 3: no gaps
    month        date NOT NULL, -- of its events
    event_ids    uuid[] NOT NULL,
    event_macs   bytea[] NOT NULL,
    latest_month date, -- of all seals before
    previous_mac bytea,
    sealed_at    timestamptz NOT NULL,
    mac          bytea NOT NULL
);

-- Who is deleted, and has so many events that not all of them have forgotten the user agent yet.
CREATE TABLE audit_unforgotten (
    user_id uuid PRIMARY KEY
);

CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The audit trail is append-only: no % of %', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;

-- But for forgetting a user agent.
CREATE TRIGGER audit_events_no_update
    BEFORE UPDATE ON audit_events
    FOR EACH ROW
    WHEN (NEW.user_agent IS NOT NULL OR NEW.user_agent_mac IS NOT NULL
        OR (NEW.id, NEW.occurred_at, NEW.type, NEW.actor_id, NEW.target_id, NEW.session_id, NEW.details, NEW.request_id,
            NEW.ip, NEW.mac)
        IS DISTINCT FROM (OLD.id, OLD.occurred_at, OLD.type, OLD.actor_id, OLD.target_id, OLD.session_id, OLD.details,
            OLD.request_id, OLD.ip, OLD.mac))
    EXECUTE FUNCTION refuse_audit_change();

CREATE TRIGGER audit_events_no_delete
    BEFORE DELETE ON audit_events
    FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();

-- One for each table that can be named in a TRUNCATE; the months get theirs when they are made.
CREATE TRIGGER audit_events_no_truncate
    BEFORE TRUNCATE ON audit_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

CREATE TRIGGER audit_events_no_truncate
    BEFORE TRUNCATE ON audit_events_default
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

-- Seals are deleted when the month of their events is.
CREATE TRIGGER audit_seals_no_update
    BEFORE UPDATE OR TRUNCATE ON audit_seals
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
