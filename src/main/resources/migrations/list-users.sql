-- What a list of users is sorted, filtered and searched by. The table is written anew and locked meanwhile: about a
-- minute for a million users.

-- Where the database's owner may not create extensions, somebody who may runs this line beforehand.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- Sorted by code point, whatever the locale; and in the collation in which addresses are looked up, without which no
-- look-up is served by the index.
ALTER TABLE users
    ADD COLUMN name_key text COLLATE "C" NOT NULL GENERATED ALWAYS AS (lower(name)) STORED,
    ALTER COLUMN email_key TYPE text COLLATE "C";

-- One for each order, and for each order of one role. What is searched is in them too, so that a stretch of a list can
-- be searched without its rows.
CREATE INDEX users_created_at ON users (created_at, id) INCLUDE (name_key, email_key);
CREATE INDEX users_name_key ON users (name_key, id) INCLUDE (email_key);
CREATE INDEX users_email_key ON users (email_key, id) INCLUDE (name_key);
CREATE INDEX users_role_created_at ON users (role, created_at, id) INCLUDE (name_key, email_key);
CREATE INDEX users_role_name_key ON users (role, name_key, id) INCLUDE (email_key);
CREATE INDEX users_role_email_key ON users (role, email_key, id) INCLUDE (name_key);

-- Trigrams find three letters or digits in a row and more. They know nothing of a shorter piece, and nothing of what is
-- neither letter nor digit: for ж, 田中, ~ or z@example.com they would leave a million rows to be read, which takes
-- longer than a statement may. These are found by the characters and the pairs of them that a text holds. Both are in
-- one index, so that a search by both reads no more of either than it must.
-- One expression, so that the planner puts it in the place of the call; the line feed is in no name and no address.
CREATE FUNCTION users_pieces(searched text) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN string_to_array(searched, NULL)
        || string_to_array(regexp_replace(searched, '(..)', E'\\1\n', 'g'), E'\n')
        || string_to_array(regexp_replace(substr(searched, 2), '(..)', E'\\1\n', 'g'), E'\n');

-- Those of them that a text must hold in which this piece is: all, or the ones that trigrams know nothing of, which are
-- two characters neither letter nor digit, and a single letter or digit before one at the beginning.
CREATE FUNCTION users_pieces_of(piece text, all_of_them boolean) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CASE length(piece)
        WHEN 1 THEN ARRAY[piece]
        ELSE ARRAY(SELECT substr(piece, i, 2)
                     FROM generate_series(1, length(piece) - 1) AS i
                    WHERE all_of_them
                       OR substr(piece, i, 2) ~ '[^a-z0-9]{2}'
                       OR (i = 1 AND piece ~ '^[a-z0-9][^a-z0-9]'))
    END;

-- What is still to be put in is read by every search, and put in by whoever makes it too long: 256 kB are about a
-- hundred users, and 20 ms once in a hundred changes; each user at once would be half a millisecond with each change.
CREATE INDEX users_searched ON users
    USING gin ((name_key || chr(10) || email_key) gin_trgm_ops, users_pieces(name_key || chr(10) || email_key))
    WITH (gin_pending_list_limit = 256);
