-- The answers given before there is a person, kept here and not in the browser (SGN-08). A row
-- goes when the person is registered, or a day after it was begun.
CREATE TABLE channels_sign_up (
    token_hash BLOB    NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),
    support    TEXT             CHECK (support IN ('getting-support', 'giving-support')),
    postcode   TEXT             CHECK (postcode IS NULL OR support IS NOT NULL),
    begun_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX channels_sign_up_begun ON channels_sign_up (begun_at);

-- What a person said when joining; the postcode becomes their first place (SGN-14).
CREATE TABLE channels_joining (
    person    INTEGER NOT NULL PRIMARY KEY REFERENCES identity_person (id),
    support   TEXT    NOT NULL,
    postcode  BLOB    NOT NULL,
    joined_at INTEGER NOT NULL
) STRICT;
