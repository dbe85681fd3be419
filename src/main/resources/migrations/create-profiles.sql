-- What a team keeps about people as JSON objects. A new column with a constant default writes no row anew. The
-- constraints are not checked against the present rows, which all have the default.

-- While nodes serve: not for longer than their statements may wait.
SET LOCAL lock_timeout = '500ms';

-- {} is the usual value, and compared first: each change of a row checks its constraints. A member of an object, and an
-- element of an array, is one level deeper than what it is in.
ALTER TABLE users
    ADD COLUMN profile jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN metadata jsonb NOT NULL DEFAULT '{}',
    ADD CONSTRAINT users_profile_fits CHECK (profile = '{}' OR (
        jsonb_typeof(profile) = 'object'
        AND octet_length(profile::text) <= 8192
        AND NOT jsonb_path_exists(profile, 'strict $.**{5} ? (@.type() == "object" || @.type() == "array")')
        AND jsonb_array_length(
            jsonb_path_query_array(profile, 'strict $.** ? (@.type() == "object").keyvalue()')) <= 64)) NOT VALID,
    ADD CONSTRAINT users_metadata_fits CHECK (metadata = '{}' OR (
        jsonb_typeof(metadata) = 'object'
        AND octet_length(metadata::text) <= 8192
        AND NOT jsonb_path_exists(metadata, 'strict $.**{5} ? (@.type() == "object" || @.type() == "array")')
        AND jsonb_array_length(
            jsonb_path_query_array(metadata, 'strict $.** ? (@.type() == "object").keyvalue()')) <= 64)) NOT VALID;

COMMENT ON COLUMN users.profile IS 'What the person keeps about themselves: a JSON object of at most 8 KiB. Everybody who'
    ' sees the person sees it.';
COMMENT ON COLUMN users.metadata IS 'What operators keep about the person: a JSON object of at most 8 KiB. Only operators'
    ' see it.';

-- Nodes must also hear of changes by hand, which do not raise the version.
DROP TRIGGER users_notify_update ON users;
CREATE TRIGGER users_notify_update
    AFTER UPDATE ON users
    FOR EACH ROW
    WHEN ((OLD.id, OLD.name, OLD.email, OLD.role, OLD.version, OLD.created_at, OLD.updated_at, OLD.profile, OLD.metadata)
        IS DISTINCT FROM (NEW.id, NEW.name, NEW.email, NEW.role, NEW.version, NEW.created_at, NEW.updated_at,
            NEW.profile, NEW.metadata))
    EXECUTE FUNCTION notify_users();
