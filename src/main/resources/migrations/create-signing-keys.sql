-- The keys that sign access tokens. While the table is empty, HS256 signs with JWT_SECRET_KEY. Private keys are sealed
-- under a key derived from JWT_SECRET_KEY, so a copy of the database signs nothing.

-- While nodes serve: not for longer than their statements may wait.
SET LOCAL lock_timeout = '500ms';

CREATE TABLE signing_keys (
    kid            text PRIMARY KEY,
    algorithm      text NOT NULL,
    public_jwk     jsonb,
    private_sealed bytea,
    created_at     timestamptz NOT NULL,
    published_from timestamptz NOT NULL,
    signs_from     timestamptz NOT NULL,
    verifies_until timestamptz,

    CONSTRAINT signing_keys_algorithm_known CHECK (algorithm IN ('HS256', 'ES256', 'RS256', 'EdDSA')),
    -- HS256 has one key, JWT_SECRET_KEY, which is not in the database.
    CONSTRAINT signing_keys_key_given CHECK (
        CASE algorithm
            WHEN 'HS256' THEN kid = 'HS256' AND public_jwk IS NULL AND private_sealed IS NULL
            ELSE kid ~ '^[A-Za-z0-9_-]{43}$' AND public_jwk IS NOT NULL AND private_sealed IS NOT NULL
        END),
    CONSTRAINT signing_keys_published_before_signing CHECK (published_from <= signs_from)
);

CREATE UNIQUE INDEX signing_keys_one_active ON signing_keys ((verifies_until IS NULL)) WHERE verifies_until IS NULL;

CREATE FUNCTION notify_signing_keys() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('signing_keys', '');
    RETURN NULL;
END
$$;

-- A session that writes to the table may have another search_path, as that of pg_restore.
DO $$
BEGIN
    EXECUTE format(
        'ALTER FUNCTION notify_signing_keys() SET search_path = %I, pg_temp',
        (SELECT nspname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
          WHERE pg_class.oid = 'signing_keys'::regclass));
END
$$;

-- A statement sends one notification, however many rows it changes: nodes load the whole table.
CREATE TRIGGER signing_keys_notify
    AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON signing_keys
    FOR EACH STATEMENT EXECUTE FUNCTION notify_signing_keys();

COMMENT ON TABLE signing_keys IS
    'Keys that sign access tokens. Empty: HS256 signs. Rows stay until no token of theirs can be accepted.';
COMMENT ON COLUMN signing_keys.kid IS 'The thumbprint of the public key (RFC 7638); HS256 for JWT_SECRET_KEY.';
COMMENT ON COLUMN signing_keys.algorithm IS 'The only algorithm that the key is used with: HS256, ES256, RS256 or EdDSA.';
COMMENT ON COLUMN signing_keys.public_jwk IS
    'The public key (RFC 7517), for readers of the table; null for HS256. Nodes take it out of private_sealed.';
COMMENT ON COLUMN signing_keys.private_sealed IS
    'The private JWK: 12 bytes of IV, then AES-256-GCM under a key derived from JWT_SECRET_KEY, with the kid as associated data; null for HS256.';
COMMENT ON COLUMN signing_keys.created_at IS 'When the key was made, or HS256 was chosen again.';
COMMENT ON COLUMN signing_keys.published_from IS 'From when on nodes publish the key.';
COMMENT ON COLUMN signing_keys.signs_from IS 'From when on a node that has published the key since published_from signs with it.';
COMMENT ON COLUMN signing_keys.verifies_until IS
    'The end of the last token that the key has signed; null while no other key replaces it.';
COMMENT ON FUNCTION notify_signing_keys() IS 'Trigger: announces changed keys to all nodes, which keep keys in memory.';
