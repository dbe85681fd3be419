-- Events of signing keys. NOT VALID: the next change set checks the rows, while others can write.

-- While nodes serve, wait for the lock no longer than their statements may wait. If this fails, migrate again.
SET LOCAL lock_timeout = '500ms';

ALTER TABLE audit_events
    DROP CONSTRAINT audit_events_type_known,
    ADD CONSTRAINT audit_events_type_known CHECK (type IN (
        'registered', 'logged_in', 'login_refused', 'details_changed', 'password_changed', 'password_refused',
        'logged_out', 'session_ended', 'refresh_token_reused', 'deleted', 'limit_hit',
        'disabled', 'enabled', 'password_reset_required', 'key_created', 'key_revoked',
        'password_reset_requested', 'password_reset',
        'registration_requested', 'verification_requested', 'email_verified',
        'email_change_requested', 'email_changed', 'email_change_reverted', 'invited',
        'signing_key_rotated')) NOT VALID;
