CREATE TABLE events_cursor (
    subscriber TEXT NOT NULL PRIMARY KEY,
    number INTEGER NOT NULL CHECK (number >= 0),
    attempts INTEGER NOT NULL CHECK (attempts >= 0),
    due_at INTEGER NOT NULL
) STRICT;

CREATE TABLE events_dead_letter (
    id INTEGER NOT NULL PRIMARY KEY,
    subscriber TEXT,
    name TEXT NOT NULL,
    payload TEXT NOT NULL,
    attempts INTEGER NOT NULL CHECK (attempts > 0),
    error TEXT NOT NULL,
    failed_at INTEGER NOT NULL
) STRICT;

CREATE TABLE events_event (
    number INTEGER NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    payload TEXT NOT NULL,
    recorded_at INTEGER NOT NULL
) STRICT;

CREATE INDEX events_event_by_name ON events_event (name, number);

CREATE TABLE events_job (
    id INTEGER NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    payload TEXT NOT NULL,
    key TEXT UNIQUE,
    due_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL CHECK (attempts >= 0),
    started_at INTEGER
) STRICT;

CREATE INDEX events_job_by_due ON events_job (due_at, id);

CREATE TABLE prooflog_checkpoint (
    log  TEXT    NOT NULL,
    size INTEGER NOT NULL CHECK (size >= 0),
    root BLOB    NOT NULL CHECK (length(root) = 32),
    at   INTEGER NOT NULL,
    note TEXT    NOT NULL,
    PRIMARY KEY (log, size)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER prooflog_checkpoint_no_delete BEFORE DELETE ON prooflog_checkpoint
BEGIN
    SELECT RAISE(ABORT, 'a checkpoint is for ever');
END;

CREATE TRIGGER prooflog_checkpoint_no_update BEFORE UPDATE ON prooflog_checkpoint
BEGIN
    SELECT RAISE(ABORT, 'a checkpoint is for ever');
END;

CREATE TABLE prooflog_node (
    log      TEXT    NOT NULL,
    level    INTEGER NOT NULL CHECK (level >= 0),
    position INTEGER NOT NULL CHECK (position >= 0),
    hash     BLOB    NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (log, level, position)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER prooflog_node_no_delete BEFORE DELETE ON prooflog_node
BEGIN
    SELECT RAISE(ABORT, 'a proof log is append-only');
END;

CREATE TRIGGER prooflog_node_no_update BEFORE UPDATE ON prooflog_node
BEGIN
    SELECT RAISE(ABORT, 'a proof log is append-only');
END;

CREATE TABLE vault_community (
    id      INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    name    TEXT    NOT NULL,
    wrapped BLOB    NOT NULL,
    made_at INTEGER NOT NULL
) STRICT;

CREATE TABLE vault_erasure (
    subject   INTEGER NOT NULL PRIMARY KEY,
    erased_at INTEGER NOT NULL
) STRICT;

CREATE TABLE vault_key (
    subject INTEGER NOT NULL PRIMARY KEY,
    wrapped BLOB    NOT NULL,
    made_at INTEGER NOT NULL
) STRICT;
