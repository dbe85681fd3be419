-- For operators: disabled users in each order of the list, and whoever is active. Few users are disabled, so the first
-- three indexes are small, and the rows of all others do not write them. The last one is for when few are active.
--
-- Nodes serve and write meanwhile. An index that an interrupted migration left behind is not valid: it is built anew.
-- The statements wait for transactions that run, and nobody queues behind them.
SET lock_timeout = '1min';
DROP INDEX CONCURRENTLY IF EXISTS users_disabled_created_at;
CREATE INDEX CONCURRENTLY users_disabled_created_at
    ON users (created_at, id) INCLUDE (name_key, email_key, disabled_until)
    WHERE disabled_at IS NOT NULL;
DROP INDEX CONCURRENTLY IF EXISTS users_disabled_name_key;
CREATE INDEX CONCURRENTLY users_disabled_name_key
    ON users (name_key, id) INCLUDE (email_key, disabled_until)
    WHERE disabled_at IS NOT NULL;
DROP INDEX CONCURRENTLY IF EXISTS users_disabled_email_key;
CREATE INDEX CONCURRENTLY users_disabled_email_key
    ON users (email_key, id) INCLUDE (name_key, disabled_until)
    WHERE disabled_at IS NOT NULL;
DROP INDEX CONCURRENTLY IF EXISTS users_disabled_to;
CREATE INDEX CONCURRENTLY users_disabled_to ON users ((
    CASE WHEN disabled_at IS NULL THEN '-infinity'::timestamptz
         ELSE coalesce(disabled_until, 'infinity'::timestamptz)
    END));
-- Otherwise the planner knows nothing of the new columns, until a tenth of the users has changed.
ANALYZE users;
RESET lock_timeout;
