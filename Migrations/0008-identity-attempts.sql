-- Wrong passwords and codes, counted so that guessing is slowed. The key is a keyed hash of what
-- was tried and from where.
CREATE TABLE identity_attempt (
    key      BLOB    NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL CHECK (failures > 0),
    last_at  INTEGER NOT NULL,
    free_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX identity_attempt_last ON identity_attempt (last_at);
