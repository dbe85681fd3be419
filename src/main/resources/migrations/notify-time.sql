-- Tells every node that listens: the id, until when it has to be remembered (in seconds since 1970), and when it was
-- written (in milliseconds), from which each node has the time that it takes to hear.
CREATE OR REPLACE FUNCTION notify_token_blocklist() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('token_blocklist', NEW.id
        || ' ' || ceil(extract(epoch FROM NEW.expires_at))
        || ' ' || floor(extract(epoch FROM clock_timestamp()) * 1000));
    RETURN NULL;
END
$$;
