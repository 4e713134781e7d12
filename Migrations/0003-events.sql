-- Facts, in the order in which they happened. Numbers have no gaps and are never used again.
CREATE TABLE events_event (
    number INTEGER NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    payload TEXT NOT NULL,
    recorded_at INTEGER NOT NULL
) STRICT;

CREATE INDEX events_event_by_name ON events_event (name, number);

-- How far each subscriber has come. `attempts` and `due_at` speak of the event after that.
CREATE TABLE events_cursor (
    subscriber TEXT NOT NULL PRIMARY KEY,
    number INTEGER NOT NULL CHECK (number >= 0),
    attempts INTEGER NOT NULL CHECK (attempts >= 0),
    due_at INTEGER NOT NULL
) STRICT;

-- What is to be done at its time. `started_at` is set while work outside the store goes on.
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

-- What was tried often enough in vain. `subscriber` is NULL for a job.
CREATE TABLE events_dead_letter (
    id INTEGER NOT NULL PRIMARY KEY,
    subscriber TEXT,
    name TEXT NOT NULL,
    payload TEXT NOT NULL,
    attempts INTEGER NOT NULL CHECK (attempts > 0),
    error TEXT NOT NULL,
    failed_at INTEGER NOT NULL
) STRICT;
