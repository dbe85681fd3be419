-- Brings the stored names and their keys into the form that the trigger users_fold_name gives to new ones. Reads all rows,
-- writes only those that differ, and commits after each 100 of them, so that nobody waits for long. Nodes serve meanwhile.
-- It can be repeated.
DO $$
DECLARE
    batch uuid[];
    last_id uuid := '00000000-0000-0000-0000-000000000000';
BEGIN
    LOOP
        SELECT array_agg(id ORDER BY id) INTO batch
          FROM (SELECT id
                  FROM users
                 WHERE id > last_id AND (name IS NOT NFC NORMALIZED OR name_key <> users_folded(name))
                 ORDER BY id
                 LIMIT 100) AS differing;
        EXIT WHEN batch IS NULL;
        last_id := batch[array_upper(batch, 1)];
        -- In the order of the ids, as requests lock two users.
        PERFORM FROM users WHERE id = ANY (batch) ORDER BY id FOR NO KEY UPDATE;
        -- Clients see another name, so the version, which is its entity tag, is another too.
        UPDATE users
           SET name = normalize(name, NFC), version = version + 1, updated_at = greatest(now(), updated_at)
         WHERE id = ANY (batch) AND name IS NOT NFC NORMALIZED AND char_length(normalize(name, NFC)) <= 100;
        UPDATE users
           SET name_key = users_folded(name)
         WHERE id = ANY (batch) AND name_key <> users_folded(name);
        COMMIT;
    END LOOP;
END
$$;
