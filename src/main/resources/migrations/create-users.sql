-- The constraints repeat what the service demands of each value, so that nobody breaks a row by hand either.
CREATE TABLE users (
    id            uuid PRIMARY KEY,
    name          text NOT NULL,
    email         text NOT NULL,
    -- The canonical form: one address, one user. Lower case of ASCII alone, whatever the locale.
    email_key     text NOT NULL GENERATED ALWAYS AS (lower(email COLLATE "C")) STORED,
    role          text NOT NULL DEFAULT 'user',
    password_hash text NOT NULL,
    version       bigint NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now(),

    CONSTRAINT users_email_key_unique UNIQUE (email_key),
    CONSTRAINT users_name_length CHECK (char_length(name) BETWEEN 1 AND 100),
    CONSTRAINT users_name_trimmed CHECK (name = btrim(name)),
    CONSTRAINT users_name_safe CHECK (name !~ U&'[\0001-\001F\007F-\009F\202A-\202E\2066-\2069]'),
    CONSTRAINT users_email_length CHECK (char_length(email) <= 254 AND position('@' IN email) BETWEEN 2 AND 65),
    CONSTRAINT users_email_form CHECK (
        email ~ '^[A-Za-z0-9!#$%&''*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&''*+/=?^_`{|}~-]+)*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$'),
    CONSTRAINT users_role_form CHECK (role ~ '^[a-z][a-z0-9_-]{0,31}$'),
    CONSTRAINT users_password_hash_present CHECK (password_hash <> ''),
    CONSTRAINT users_version_positive CHECK (version > 0),
    CONSTRAINT users_updated_after_created CHECK (updated_at >= created_at)
);
