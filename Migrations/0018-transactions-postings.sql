-- Which entry came of a program's request: the same key with the same body answers the same.
CREATE TABLE transactions_posting (
    person   INTEGER NOT NULL REFERENCES identity_person (id),
    key      TEXT    NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    body     BLOB    NOT NULL CHECK (length(body) = 32),
    entry    INTEGER NOT NULL UNIQUE REFERENCES ledger_entry (number),
    PRIMARY KEY (person, key)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER transactions_posting_no_update BEFORE UPDATE ON transactions_posting
BEGIN
    SELECT RAISE(ABORT, 'what was answered stays answered');
END;

CREATE TRIGGER transactions_posting_no_delete BEFORE DELETE ON transactions_posting
BEGIN
    SELECT RAISE(ABORT, 'what was answered stays answered');
END;
