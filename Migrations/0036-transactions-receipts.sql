-- Money that came to the bank for someone's support, written down by whoever administers. What the
-- bank's statement says of it is locked with the key of the person whose money it is.
CREATE TABLE transactions_receipt (
    id          INTEGER PRIMARY KEY,
    person      INTEGER NOT NULL REFERENCES identity_person (id),
    entry       INTEGER NOT NULL UNIQUE REFERENCES ledger_entry (number),
    pence       INTEGER NOT NULL CHECK (pence > 0),
    received_on TEXT    NOT NULL,
    bank_text   BLOB    NOT NULL,
    recorded_by INTEGER NOT NULL REFERENCES identity_person (id),
    recorded_at INTEGER NOT NULL,
    once        TEXT    NOT NULL UNIQUE
) STRICT;

CREATE INDEX transactions_receipt_day ON transactions_receipt (person, received_on);

-- A receipt that was a mistake: the entry that takes it back, and why.
CREATE TABLE transactions_correction (
    receipt INTEGER PRIMARY KEY REFERENCES transactions_receipt (id),
    entry   INTEGER NOT NULL UNIQUE REFERENCES ledger_entry (number),
    why     BLOB    NOT NULL,
    made_by INTEGER NOT NULL REFERENCES identity_person (id),
    made_at INTEGER NOT NULL,
    once    TEXT    NOT NULL UNIQUE
) STRICT;

CREATE TRIGGER transactions_receipt_no_update BEFORE UPDATE ON transactions_receipt
BEGIN
    SELECT RAISE(ABORT, 'what came in is put right by a correction');
END;

CREATE TRIGGER transactions_receipt_no_delete BEFORE DELETE ON transactions_receipt
BEGIN
    SELECT RAISE(ABORT, 'what came in is put right by a correction');
END;

CREATE TRIGGER transactions_correction_no_update BEFORE UPDATE ON transactions_correction
BEGIN
    SELECT RAISE(ABORT, 'a correction is for ever');
END;

CREATE TRIGGER transactions_correction_no_delete BEFORE DELETE ON transactions_correction
BEGIN
    SELECT RAISE(ABORT, 'a correction is for ever');
END;
