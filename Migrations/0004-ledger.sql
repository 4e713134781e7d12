-- Double entry in whole minor units. Entries and legs are only ever added; a mistake is put right
-- by a further entry.
CREATE TABLE ledger_account (
    id        INTEGER PRIMARY KEY,
    kind      TEXT    NOT NULL,
    -- Whose it is, as the caller counts owners; 0 is the community's own.
    owner     INTEGER NOT NULL,
    currency  TEXT    NOT NULL CHECK (currency IN ('GBP', 'COIN')),
    -- Below this the balance may never fall; NULL for no limit.
    floor     INTEGER,
    balance   INTEGER NOT NULL DEFAULT 0,
    opened_at INTEGER NOT NULL,
    UNIQUE (kind, owner, currency),
    CHECK (floor IS NULL OR balance >= floor)
) STRICT;

CREATE TABLE ledger_entry (
    number       INTEGER PRIMARY KEY CHECK (number > 0),
    kind         TEXT    NOT NULL,
    -- What it is about, as the caller counts such things: a visit, a payment.
    reference    INTEGER,
    effective_at INTEGER NOT NULL,
    recorded_at  INTEGER NOT NULL,
    -- Given by the caller, so that the same entry twice is one.
    key          TEXT    NOT NULL UNIQUE,
    reverses     INTEGER UNIQUE REFERENCES ledger_entry (number)
) STRICT;

CREATE INDEX ledger_entry_reference ON ledger_entry (reference);

CREATE TABLE ledger_leg (
    entry   INTEGER NOT NULL REFERENCES ledger_entry (number),
    place   INTEGER NOT NULL CHECK (place >= 0),
    account INTEGER NOT NULL REFERENCES ledger_account (id),
    amount  INTEGER NOT NULL CHECK (amount <> 0 AND abs(amount) < 9007199254740992),
    PRIMARY KEY (entry, place)
) STRICT, WITHOUT ROWID;

CREATE INDEX ledger_leg_account ON ledger_leg (account, entry);

-- The balance follows the legs, and its floor holds, whoever writes.
CREATE TRIGGER ledger_leg_balance AFTER INSERT ON ledger_leg
BEGIN
    UPDATE ledger_account SET balance = balance + NEW.amount WHERE id = NEW.account;
END;

CREATE TRIGGER ledger_entry_no_update BEFORE UPDATE ON ledger_entry
BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only');
END;

CREATE TRIGGER ledger_entry_no_delete BEFORE DELETE ON ledger_entry
BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only');
END;

CREATE TRIGGER ledger_leg_no_update BEFORE UPDATE ON ledger_leg
BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only');
END;

CREATE TRIGGER ledger_leg_no_delete BEFORE DELETE ON ledger_leg
BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only');
END;

CREATE TRIGGER ledger_account_no_delete BEFORE DELETE ON ledger_account
BEGIN
    SELECT RAISE(ABORT, 'an account is for ever');
END;

CREATE TRIGGER ledger_account_same BEFORE UPDATE OF kind, owner, currency ON ledger_account
BEGIN
    SELECT RAISE(ABORT, 'an account stays what it is');
END;
