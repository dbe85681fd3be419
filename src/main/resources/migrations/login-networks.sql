-- The networks from which people logged in lately: they stay open for their owner while others guess at the account from
-- many places. A network is a MAC that only the service can make, of the user and the client's network.

-- While nodes serve: not for longer than their statements may wait.
SET LOCAL lock_timeout = '500ms';

CREATE TABLE login_networks (
    user_id      uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    network      text NOT NULL,
    logged_in_at timestamptz NOT NULL DEFAULT now(),

    PRIMARY KEY (user_id, network)
);

CREATE INDEX login_networks_logged_in_at ON login_networks (logged_in_at);
