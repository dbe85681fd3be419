-- Validates the constraints of the change set before, a partition at a time. Reads all rows and stops no reader and no
-- writer; the service cannot create or drop a month while its partition is read. It can be repeated.
DO $$
DECLARE
    partitions regclass[] := ARRAY(SELECT inhrelid::regclass FROM pg_inherits
                                    WHERE inhparent = 'audit_events'::regclass ORDER BY inhrelid);
    partition regclass;
BEGIN
    FOREACH partition IN ARRAY partitions || 'audit_events'::regclass
    LOOP
        SET LOCAL lock_timeout = '5s'; -- PostgreSQL cancels an autovacuum that is in the way after one second
        CONTINUE WHEN NOT EXISTS (SELECT FROM pg_class WHERE oid = partition); -- an expired month
        EXECUTE format('ALTER TABLE %s %s', partition, (
            SELECT string_agg(format('VALIDATE CONSTRAINT %I', conname), ', ')
              FROM pg_constraint
             WHERE conrelid = 'audit_events'::regclass AND contype = 'c'));
        COMMIT;
    END LOOP;
END
$$;
