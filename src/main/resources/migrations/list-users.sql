-- What a list of users is sorted, filtered and searched by. The table is written anew and locked meanwhile: about a
-- minute for a million users.

-- Where the database's owner may not create extensions, somebody who may runs this line beforehand.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- Sorted by code point, whatever the locale; and in the collation in which addresses are looked up, without which no
-- look-up is served by the index. ASCII letters are made lower case first and by themselves: to a Turkish locale I is not
-- the capital of i.
ALTER TABLE users
    ADD COLUMN name_key text COLLATE "C" NOT NULL
        GENERATED ALWAYS AS (lower(lower(name COLLATE "C") COLLATE "default")) STORED,
    ALTER COLUMN email_key TYPE text COLLATE "C";

-- One for each order, and for each order of one role. What is searched is in them too, so that a stretch of a list can
-- be searched without its rows.
CREATE INDEX users_created_at ON users (created_at, id) INCLUDE (name_key, email_key);
CREATE INDEX users_name_key ON users (name_key, id) INCLUDE (email_key);
CREATE INDEX users_email_key ON users (email_key, id) INCLUDE (name_key);
CREATE INDEX users_role_created_at ON users (role, created_at, id) INCLUDE (name_key, email_key);
CREATE INDEX users_role_name_key ON users (role, name_key, id) INCLUDE (email_key);
CREATE INDEX users_role_email_key ON users (role, email_key, id) INCLUDE (name_key);

-- What is searched: both keys, with a line feed between, which is in no name and no address. Trigrams find words. Of a
-- piece of one or two characters they know nothing, nor of what is neither letter nor digit: for ж, 田中, ~, com.com or
-- z@example.com they would have a million rows read, which takes longer than a statement may. Those are found by the
-- characters, and the pairs of them, that a text holds.
--
-- An entry in GIN's pending list is read by every search, and the change that fills the list moves it into the index:
-- 256 kB are about a hundred users, and 20 ms for one change in a hundred.
CREATE INDEX users_trigrams ON users
    USING gin ((name_key || chr(10) || email_key) gin_trgm_ops)
    WITH (gin_pending_list_limit = 256);

-- One expression, so that the planner puts it in the place of the call.
CREATE FUNCTION users_pieces(searched text) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN string_to_array(searched, NULL)
        || string_to_array(regexp_replace(searched, '(..)', E'\\1\n', 'g'), E'\n')
        || string_to_array(regexp_replace(substr(searched, 2), '(..)', E'\\1\n', 'g'), E'\n');

-- Those that a text must hold in which this piece is.
CREATE FUNCTION users_pieces_of(piece text) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CASE length(piece)
        WHEN 1 THEN ARRAY[piece]
        ELSE ARRAY(SELECT substr(piece, i, 2) FROM generate_series(1, length(piece) - 1) AS i)
    END;

CREATE INDEX users_pieces ON users
    USING gin (users_pieces(name_key || chr(10) || email_key))
    WITH (gin_pending_list_limit = 256);
