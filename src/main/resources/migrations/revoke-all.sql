-- One row of token_blocklist may revoke every access token that was issued until its revoked_at: the one with this id.
-- Nodes that know such a row load the table when they hear of it; older nodes ignore it.

-- While nodes serve: not for longer than their statements may wait.
SET LOCAL lock_timeout = '500ms';

ALTER TABLE token_blocklist
    DROP CONSTRAINT token_blocklist_kind_known,
    ADD CONSTRAINT token_blocklist_kind_known CHECK (kind IN ('token', 'session', 'user', 'all')),
    ADD CONSTRAINT token_blocklist_all_is_one
        CHECK ((kind = 'all') = (id = '00000000-0000-0000-0000-000000000000'));

COMMENT ON COLUMN token_blocklist.id IS 'The id of the revoked token, session or user; zeros for all tokens.';
COMMENT ON COLUMN token_blocklist.kind IS 'What the id is: token, session or user. A session or user loses its sessions too.'
    ' Or all: every access token issued until revoked_at; sessions stay, so run end-all-sessions instead.';
