-- Details may name members of a profile, such as profile-favoriteColor. The rows that exist fit this, too, and are not
-- read: NOT VALID.

-- While nodes serve: not for longer than their statements may wait.
SET LOCAL lock_timeout = '500ms';

ALTER TABLE audit_events
    DROP CONSTRAINT audit_events_details_are_words,
    ADD CONSTRAINT audit_events_details_are_words
        CHECK (details ~ '^[a-z][A-Za-z0-9_-]*(,[a-z][A-Za-z0-9_-]*)*$') NOT VALID;
