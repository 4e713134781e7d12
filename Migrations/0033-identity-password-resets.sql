-- A link to choose a new password. Its token is computed from the id, and so is not kept.
CREATE TABLE identity_password_reset (
    id      INTEGER PRIMARY KEY,
    person  INTEGER NOT NULL REFERENCES identity_person (id),
    ends_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT;

CREATE INDEX identity_password_reset_person ON identity_password_reset (person);
