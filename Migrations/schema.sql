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
