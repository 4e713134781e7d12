-- What programs prove themselves with. The token itself is shown once and never stored.
CREATE TABLE identity_token (
    id         INTEGER PRIMARY KEY,
    token_hash BLOB    NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    person     INTEGER NOT NULL REFERENCES identity_person (id),
    scope      TEXT    NOT NULL CHECK (scope IN ('ledger', 'ledger.read')),
    made_at    INTEGER NOT NULL,
    ends_at    INTEGER NOT NULL CHECK (ends_at > made_at),
    stopped_at INTEGER
) STRICT;

CREATE INDEX identity_token_person ON identity_token (person);
