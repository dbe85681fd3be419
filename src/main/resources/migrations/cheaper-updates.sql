-- A change of a name calls each of these functions once, so their costs count. PostgreSQL parses and plans the body of a function
-- in SQL anew for every statement, but keeps the plan of one in PL/pgSQL. A function that uses nothing but pg_catalog needs no
-- search_path, and setting one costs as much as a small function. The results stay as they are, so the indexes do too.
CREATE OR REPLACE FUNCTION users_pieces(searched text) RETURNS text[]
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    RETURN pg_catalog.string_to_array(searched, NULL)
        OPERATOR(pg_catalog.||) pg_catalog.string_to_array(
            pg_catalog.regexp_replace(searched, '(..)', E'\\1\n', 'g'), E'\n')
        OPERATOR(pg_catalog.||) pg_catalog.string_to_array(
            pg_catalog.regexp_replace(pg_catalog.substr(searched, 2), '(..)', E'\\1\n', 'g'), E'\n');
END
$$;

ALTER FUNCTION users_folded(text) RESET search_path;
ALTER FUNCTION notify_users() RESET search_path;
