-- How often somebody has tried something lately. A key is a code that only the service can make of a limit's name and an
-- account or a client's address: nobody is named here. Both tables can be emptied at any time: then all may try anew.

-- Of each limit of a rate: when all of it will be free again.
CREATE TABLE request_limits (
    key     text PRIMARY KEY,
    full_at timestamptz NOT NULL
);

CREATE INDEX request_limits_full_at ON request_limits (full_at);

-- Of each account, how many wrong passwords in a row, and until when the next one is not looked at.
CREATE TABLE failure_limits (
    key          text PRIMARY KEY,
    failures     integer NOT NULL,
    closed_until timestamptz NOT NULL,
    forgotten_at timestamptz NOT NULL
);

CREATE INDEX failure_limits_forgotten_at ON failure_limits (forgotten_at);

-- The same as request_limits.full_at, of refreshing a session: beside what a refresh writes anyway.
-- While nodes serve: not for longer than their statements may wait.
SET LOCAL lock_timeout = '500ms';
ALTER TABLE sessions ADD COLUMN refreshes_full_at timestamptz NOT NULL DEFAULT 'epoch';
