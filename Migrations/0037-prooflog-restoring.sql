-- Each time the store was restored: since then its logs go on under another origin. A restore makes
-- the table itself in a store of an earlier version.
CREATE TABLE IF NOT EXISTS prooflog_restoring (
    id   INTEGER NOT NULL PRIMARY KEY,
    mark TEXT    NOT NULL UNIQUE,
    at   INTEGER NOT NULL
) STRICT;
