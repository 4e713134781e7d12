-- What happened at a visit, as both sides come to agree on it (LOG-01 to LOG-12).
-- PENDING -> PENDING (confirmed by one, or adjusted) -> CONFIRMED -> PAID.
CREATE TABLE transactions_care_log (
    id        INTEGER PRIMARY KEY,
    booking   INTEGER NOT NULL UNIQUE REFERENCES relationships_booking (id),
    giver     INTEGER NOT NULL REFERENCES identity_person (id),
    receiver  INTEGER NOT NULL REFERENCES identity_person (id),
    -- Pence an hour; NULL for what is given freely.
    rate      INTEGER CHECK (rate > 0),
    state     TEXT    NOT NULL CHECK (state IN ('pending', 'confirmed', 'paid')),
    version   INTEGER NOT NULL CHECK (version > 0),
    opened_at INTEGER NOT NULL
) STRICT;

CREATE INDEX transactions_care_log_giver ON transactions_care_log (giver, state);
CREATE INDEX transactions_care_log_receiver ON transactions_care_log (receiver, state);

-- Each version as it was written; a leaf of the proof log "care". The note is sealed for the
-- person who gets support.
CREATE TABLE transactions_care_log_version (
    position   INTEGER PRIMARY KEY,
    care_log   INTEGER NOT NULL REFERENCES transactions_care_log (id),
    version    INTEGER NOT NULL CHECK (version > 0),
    -- NULL when the platform opened it from the booking.
    written_by INTEGER REFERENCES identity_person (id),
    written_at INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at   INTEGER NOT NULL CHECK (ended_at > started_at),
    tasks      TEXT    NOT NULL,
    note       BLOB,
    UNIQUE (care_log, version)
) STRICT;

-- Who confirmed which version, for which side; a leaf of the proof log "care".
CREATE TABLE transactions_care_log_confirmation (
    position     INTEGER PRIMARY KEY,
    care_log     INTEGER NOT NULL REFERENCES transactions_care_log (id),
    version      INTEGER NOT NULL,
    side         TEXT    NOT NULL CHECK (side IN ('giver', 'receiver')),
    person       INTEGER NOT NULL REFERENCES identity_person (id),
    confirmed_at INTEGER NOT NULL,
    UNIQUE (care_log, version, side)
) STRICT;

CREATE TRIGGER transactions_care_log_version_no_update
BEFORE UPDATE ON transactions_care_log_version
BEGIN
    SELECT RAISE(ABORT, 'a version of a care log is for ever');
END;

CREATE TRIGGER transactions_care_log_version_no_delete
BEFORE DELETE ON transactions_care_log_version
BEGIN
    SELECT RAISE(ABORT, 'a version of a care log is for ever');
END;

CREATE TRIGGER transactions_care_log_confirmation_no_update
BEFORE UPDATE ON transactions_care_log_confirmation
BEGIN
    SELECT RAISE(ABORT, 'a confirmation is for ever');
END;

CREATE TRIGGER transactions_care_log_confirmation_no_delete
BEFORE DELETE ON transactions_care_log_confirmation
BEGIN
    SELECT RAISE(ABORT, 'a confirmation is for ever');
END;

-- The drawn states, and no other way between them (spec 2.12).
CREATE TRIGGER transactions_care_log_states BEFORE UPDATE OF state ON transactions_care_log
WHEN NOT (OLD.state = NEW.state AND OLD.state <> 'paid'
          OR OLD.state = 'pending' AND NEW.state = 'confirmed'
          OR OLD.state = 'confirmed' AND NEW.state = 'paid')
BEGIN
    SELECT RAISE(ABORT, 'a care log does not go that way');
END;
