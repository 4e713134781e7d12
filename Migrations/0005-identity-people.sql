-- One row a human being (IDN-01). Names and contact details are sealed under the person's own
-- key; the indexes are keyed hashes, for finding without reading.
CREATE TABLE identity_person (
    id                INTEGER PRIMARY KEY,
    preferred_name    BLOB    NOT NULL,
    family_name       BLOB    NOT NULL,
    username          BLOB    NOT NULL,
    username_index    BLOB    NOT NULL UNIQUE CHECK (length(username_index) = 16),
    email             BLOB    NOT NULL,
    email_index       BLOB    NOT NULL UNIQUE CHECK (length(email_index) = 16),
    password_hash     TEXT    NOT NULL,
    language          TEXT    NOT NULL,
    created_at        INTEGER NOT NULL,
    email_verified_at INTEGER
) STRICT;
