-- A session is found by the hash of its token, so that reading the file gives no one a session.
CREATE TABLE identity_session (
    token_hash BLOB    NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),
    person     INTEGER NOT NULL REFERENCES identity_person (id),
    made_at    INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL,
    ends_at    INTEGER NOT NULL CHECK (ends_at > made_at)
) STRICT, WITHOUT ROWID;

CREATE INDEX identity_session_person ON identity_session (person);

-- A link sent by email. Its token is computed from the id, and so is not kept.
CREATE TABLE identity_verification (
    id      INTEGER PRIMARY KEY,
    person  INTEGER NOT NULL REFERENCES identity_person (id),
    ends_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT;

CREATE INDEX identity_verification_person ON identity_verification (person);
