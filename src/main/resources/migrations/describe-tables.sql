-- Comments on all tables, columns and functions, for people who open the database in Adminer or psql (\d+). Takes no lock
-- that requests need. New change sets comment on what they add.

COMMENT ON TABLE users IS 'People. The constraints repeat the rules of the API, so changes by hand cannot break them.';
COMMENT ON COLUMN users.id IS 'UUID version 7: begins with the time of registration.';
COMMENT ON COLUMN users.name IS 'The name that other people see, in the normal form NFC.';
COMMENT ON COLUMN users.email IS 'The e-mail address as the person wrote it. Nobody has verified it.';
COMMENT ON COLUMN users.email_key IS 'The e-mail address in lower case. Unique: one address, one user. PostgreSQL computes it.';
COMMENT ON COLUMN users.role IS 'A role from roles.all in config.yml. It grants nothing in Roster.';
COMMENT ON COLUMN users.password_hash IS 'The bcrypt hash of the password.';
COMMENT ON COLUMN users.version IS 'Counts the changes of the row, from 1. It is the entity tag of the API.';
COMMENT ON COLUMN users.created_at IS 'When the person registered.';
COMMENT ON COLUMN users.updated_at IS 'When the row last changed.';
COMMENT ON COLUMN users.name_key IS 'The name without differences of case, for sorting and searching. A trigger computes it.';

COMMENT ON TABLE sessions IS 'Open sessions: one row for each login. Without its row, a session cannot be refreshed. To end'
    ' a session by hand, insert it into token_blocklist; a deletion here leaves its access token valid.';
COMMENT ON COLUMN sessions.id IS 'The session. Its access tokens have it as the claim sid.';
COMMENT ON COLUMN sessions.user_id IS 'Whose session it is.';
COMMENT ON COLUMN sessions.created_at IS 'When the person logged in.';
COMMENT ON COLUMN sessions.expires_at IS 'When the session ends, if nobody refreshes it before. The purge deletes the row later.';
COMMENT ON COLUMN sessions.refresh_token_hash IS 'SHA-256 of the secret in the current refresh token, base64url. Null if'
    ' the login was before Roster had refresh tokens.';
COMMENT ON COLUMN sessions.last_used_at IS 'The last login or refresh, to the minute.';
COMMENT ON COLUMN sessions.user_agent IS 'What the client said about itself at the last login or refresh.';
COMMENT ON COLUMN sessions.ip IS 'The client''s address at the last login or refresh.';
COMMENT ON COLUMN sessions.refreshes_full_at IS 'The limit "refresh": when the session may again refresh as often at once'
    ' as after a pause.';

COMMENT ON TABLE spent_refresh_tokens IS 'Refresh tokens that were used lately. If one comes back within REFRESH_GRACE, its'
    ' client gets the same successor again. The purge deletes the row later; then a token that comes back ends the session.';
COMMENT ON COLUMN spent_refresh_tokens.session_id IS 'The session of the token.';
COMMENT ON COLUMN spent_refresh_tokens.hash IS 'SHA-256 of the secret in the used token, base64url.';
COMMENT ON COLUMN spent_refresh_tokens.successor_salt IS 'Random. Together with the used token, it gives the successor;'
    ' alone it reveals nothing.';
COMMENT ON COLUMN spent_refresh_tokens.spent_at IS 'When the token was used.';

COMMENT ON TABLE token_blocklist IS 'Revoked tokens, sessions and users. Every node refuses an access token if its id (jti),'
    ' its session (sid) or its user (sub) is here. A row inserted by hand reaches all nodes within milliseconds.';
COMMENT ON COLUMN token_blocklist.id IS 'The id of the revoked token, session or user.';
COMMENT ON COLUMN token_blocklist.kind IS 'What the id is: token, session or user. A session or user loses its sessions too.';
COMMENT ON COLUMN token_blocklist.user_id IS 'Whose token or session it is. No foreign key: the row outlives a deleted user.';
COMMENT ON COLUMN token_blocklist.reason IS 'Why it was revoked. The service writes its own reasons; by_hand is the default.';
COMMENT ON COLUMN token_blocklist.revoked_at IS 'When it was revoked.';
COMMENT ON COLUMN token_blocklist.expires_at IS 'Until when it is refused. By then every access token that it concerns must'
    ' have expired. The purge deletes the row later.';

COMMENT ON TABLE request_limits IS 'How much of each rate limit somebody has used. You may empty the table: then everybody'
    ' starts anew.';
COMMENT ON COLUMN request_limits.key IS 'A code for the limit and the address, account or person it counts. Only a holder of'
    ' the secret key can compute it.';
COMMENT ON COLUMN request_limits.full_at IS 'When all of the limit will be available again.';

COMMENT ON TABLE failure_limits IS 'Consecutive wrong passwords. You may empty the table: then all accounts are open again.';
COMMENT ON COLUMN failure_limits.key IS 'A code for the limit, the account and, for some limits, the client''s address. Only'
    ' a holder of the secret key can compute it.';
COMMENT ON COLUMN failure_limits.failures IS 'How many wrong passwords in a row.';
COMMENT ON COLUMN failure_limits.closed_until IS 'Until then, further passwords are refused unseen.';
COMMENT ON COLUMN failure_limits.forgotten_at IS 'When the failures are forgotten, if there is no further one.';

COMMENT ON TABLE login_networks IS 'Networks from which people logged in lately. While others guess at an account from many'
    ' places, it stays open for these.';
COMMENT ON COLUMN login_networks.user_id IS 'Who logged in.';
COMMENT ON COLUMN login_networks.network IS 'A code for the user and the client''s network. Only a holder of the secret key'
    ' can compute it.';
COMMENT ON COLUMN login_networks.logged_in_at IS 'The last login from this network.';

COMMENT ON TABLE audit_events IS 'What happened to accounts: append-only, in a partition for each month. To see the history'
    ' of a user: WHERE target_id = id ORDER BY occurred_at. docs/audit.md has the types.';
COMMENT ON COLUMN audit_events.id IS 'UUID version 7.';
COMMENT ON COLUMN audit_events.occurred_at IS 'When it happened, by the database''s clock.';
COMMENT ON COLUMN audit_events.type IS 'What happened, such as logged_in or password_changed.';
COMMENT ON COLUMN audit_events.actor_id IS 'The user who did it; null if nobody was authenticated, or for an operator.';
COMMENT ON COLUMN audit_events.target_id IS 'The user to whom it was done; null if there is no such user. No foreign key: the'
    ' event outlives a deleted user.';
COMMENT ON COLUMN audit_events.session_id IS 'The session that the event began, ended or belongs to.';
COMMENT ON COLUMN audit_events.details IS 'Words, separated by commas: the changed members, the limit or the reason.';
COMMENT ON COLUMN audit_events.request_id IS 'The X-Request-Id of the request, as in the log.';
COMMENT ON COLUMN audit_events.ip IS 'The client''s address.';
COMMENT ON COLUMN audit_events.user_agent IS 'What the client said about itself. Removed when the user is deleted.';
COMMENT ON COLUMN audit_events.user_agent_mac IS 'HMAC-SHA-256 of the id and the user agent. Removed together with it.';
COMMENT ON COLUMN audit_events.mac IS 'HMAC-SHA-256 of the other columns with AUDIT_SECRET_KEY. It shows whether somebody'
    ' edited the row.';

COMMENT ON TABLE audit_unsealed IS 'Events of audit_events that are in no seal yet. A node empties it once a second.';
COMMENT ON COLUMN audit_unsealed.id IS 'The event.';
COMMENT ON COLUMN audit_unsealed.occurred_at IS 'When it happened.';
COMMENT ON COLUMN audit_unsealed.mac IS 'The event''s mac.';

COMMENT ON TABLE audit_seals IS 'Lists of the events that exist. Each seal contains the mac of the one before, so audit-verify'
    ' finds removed events and seals.';
COMMENT ON COLUMN audit_seals.number IS 'Counts from 1, without gaps.';
COMMENT ON COLUMN audit_seals.month IS 'The first day of the month of its events, UTC.';
COMMENT ON COLUMN audit_seals.event_ids IS 'The events.';
COMMENT ON COLUMN audit_seals.event_macs IS 'Their macs, in the same order.';
COMMENT ON COLUMN audit_seals.latest_month IS 'The latest month of all seals before; null in the first.';
COMMENT ON COLUMN audit_seals.previous_mac IS 'The mac of the seal before; null in the first.';
COMMENT ON COLUMN audit_seals.sealed_at IS 'When the seal was written, by the database''s clock.';
COMMENT ON COLUMN audit_seals.mac IS 'HMAC-SHA-256 of the other columns with AUDIT_SECRET_KEY.';

COMMENT ON TABLE audit_unforgotten IS 'Deleted users whose user agents are not yet removed from all their events. A node'
    ' removes the rest within PURGE_INTERVAL.';
COMMENT ON COLUMN audit_unforgotten.user_id IS 'The deleted user.';

COMMENT ON FUNCTION notify_token_blocklist() IS 'Trigger: announces each revocation to all nodes.';
COMMENT ON FUNCTION end_blocked_sessions() IS 'Trigger: deletes the sessions of a blocked session or user.';
COMMENT ON FUNCTION notify_users() IS 'Trigger: announces each changed user to all nodes, which cache users.';
COMMENT ON FUNCTION refuse_audit_change() IS 'Trigger: keeps the audit trail append-only.';
COMMENT ON FUNCTION fold_user_name() IS 'Trigger: normalizes users.name and computes users.name_key.';
COMMENT ON FUNCTION users_folded(text) IS 'A text without differences of case: the full case folding of Unicode, in NFC.';
COMMENT ON FUNCTION users_pieces(text) IS 'The characters of a text and the pairs of them, for searches of one or two'
    ' characters or without letters and digits.';
COMMENT ON FUNCTION users_pieces_of(text) IS 'The pieces that a text must have to contain this one.';

-- The partitions that exist. The service comments on each that it creates, and copies the comments of the columns.
DO $$
DECLARE
    statement text;
BEGIN
    FOR statement IN
        SELECT format('COMMENT ON TABLE %s IS %L', inhrelid::regclass,
                   CASE relname
                       WHEN 'audit_events_default' THEN
                           'Audit events whose month has no partition yet. The service moves them there.'
                       ELSE 'The audit events of ' || replace(right(relname, 7), '_', '-') || ' (UTC).'
                   END)
          FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
         WHERE inhparent = 'audit_events'::regclass
         UNION ALL
        SELECT format('COMMENT ON COLUMN %s.%I IS %L', inhrelid::regclass, attname, col_description(attrelid, attnum))
          FROM pg_inherits JOIN pg_attribute ON attrelid = inhparent
         WHERE inhparent = 'audit_events'::regclass AND attnum > 0 AND NOT attisdropped
    LOOP
        EXECUTE statement;
    END LOOP;
END
$$;
