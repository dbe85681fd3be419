-- The table is written anew and locked meanwhile, as by list-users.sql. Names stay in NFC.
DROP TRIGGER users_fold_name ON users;
DROP FUNCTION fold_user_name;

-- Drops the indexes with it.
ALTER TABLE users DROP COLUMN name_key;
DROP FUNCTION users_folded;
ALTER TABLE users
    ADD COLUMN name_key text COLLATE "C" NOT NULL
        GENERATED ALWAYS AS (lower(lower(name COLLATE "C") COLLATE "default")) STORED;

CREATE INDEX users_created_at ON users (created_at, id) INCLUDE (name_key, email_key);
CREATE INDEX users_name_key ON users (name_key, id) INCLUDE (email_key);
CREATE INDEX users_email_key ON users (email_key, id) INCLUDE (name_key);
CREATE INDEX users_role_created_at ON users (role, created_at, id) INCLUDE (name_key, email_key);
CREATE INDEX users_role_name_key ON users (role, name_key, id) INCLUDE (email_key);
CREATE INDEX users_role_email_key ON users (role, email_key, id) INCLUDE (name_key);
CREATE INDEX users_trigrams ON users
    USING gin ((name_key || chr(10) || email_key) gin_trgm_ops)
    WITH (gin_pending_list_limit = 256);
CREATE INDEX users_pieces ON users
    USING gin (users_pieces(name_key || chr(10) || email_key))
    WITH (gin_pending_list_limit = 256);
