-- Which timelines of the write-ahead log have been the primary's. A promoted server begins a new timeline, and what the
-- earlier one wrote past its beginning is lost.

CREATE TABLE epochs (
    timeline  int PRIMARY KEY,
    first_lsn pg_lsn NOT NULL,
    seen_at   timestamptz NOT NULL DEFAULT now(),

    CONSTRAINT epochs_timeline_positive CHECK (timeline > 0)
);

COMMENT ON TABLE epochs IS
    'The timelines of the primaries that nodes have seen. The node that sees one first adds it; rows stay.';
COMMENT ON COLUMN epochs.timeline IS
    'The timeline of the write-ahead log. A server that is promoted, or restored to a moment, begins a new one.';
COMMENT ON COLUMN epochs.first_lsn IS
    'Where the timeline began: later positions of an earlier timeline are lost. 0/0 if the server does not know.';
COMMENT ON COLUMN epochs.seen_at IS 'When the first node saw the timeline.';
