-- A payment run, and what each paid for. A care log is paid once.
CREATE TABLE transactions_payment_run (
    id         INTEGER PRIMARY KEY,
    started_by INTEGER REFERENCES identity_person (id),
    started_at INTEGER NOT NULL,
    once       TEXT    NOT NULL UNIQUE
) STRICT;

CREATE TABLE transactions_payment (
    care_log INTEGER PRIMARY KEY REFERENCES transactions_care_log (id),
    run      INTEGER NOT NULL REFERENCES transactions_payment_run (id),
    giver    INTEGER NOT NULL REFERENCES identity_person (id),
    receiver INTEGER NOT NULL REFERENCES identity_person (id),
    pence    INTEGER NOT NULL CHECK (pence >= 0)
) STRICT;

CREATE INDEX transactions_payment_of_run ON transactions_payment (run);

-- What a run left, since the money was not there (J15).
CREATE TABLE transactions_payment_left (
    run      INTEGER NOT NULL REFERENCES transactions_payment_run (id),
    care_log INTEGER NOT NULL REFERENCES transactions_care_log (id),
    pence    INTEGER NOT NULL,
    PRIMARY KEY (run, care_log)
) STRICT, WITHOUT ROWID;
