-- Whoever writes to the tables may have another search_path: pg_restore has an empty one. The functions of triggers, and those
-- that they call, look only where the tables are. The functions of the index users_pieces need no such setting, because their bodies were
-- parsed when they were created; with one, the planner could not put them in the place of the call.
DO $$
DECLARE
    function regprocedure;
BEGIN
    FOREACH function IN ARRAY ARRAY[
        'notify_token_blocklist()', 'end_blocked_sessions()', 'notify_users()', 'refuse_audit_change()',
        'fold_user_name()', 'users_folded(text)']::regprocedure[]
    LOOP
        EXECUTE format(
            'ALTER FUNCTION %s SET search_path = %I, pg_temp', function,
            (SELECT nspname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
              WHERE pg_class.oid = 'token_blocklist'::regclass));
    END LOOP;
END
$$;
