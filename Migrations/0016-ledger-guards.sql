-- What has been written stays even under INSERT OR REPLACE, which removes a row without asking
-- the triggers on DELETE; so each insertion is itself held to its turn.
CREATE TRIGGER ledger_entry_in_turn BEFORE INSERT ON ledger_entry
WHEN NEW.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM ledger_entry)
BEGIN
    SELECT RAISE(ABORT, 'entries are numbered one after another');
END;

CREATE TRIGGER ledger_entry_time BEFORE INSERT ON ledger_entry
WHEN NEW.recorded_at < (SELECT recorded_at FROM ledger_entry ORDER BY number DESC LIMIT 1)
BEGIN
    SELECT RAISE(ABORT, 'the recorded time never runs backwards');
END;

CREATE TRIGGER ledger_entry_once BEFORE INSERT ON ledger_entry
WHEN EXISTS (SELECT 1 FROM ledger_entry WHERE key = NEW.key)
  OR EXISTS (SELECT 1 FROM ledger_entry WHERE reverses = NEW.reverses)
BEGIN
    SELECT RAISE(ABORT, 'a key makes one entry, and an entry is reversed once');
END;

-- An entry is complete before the next begins, so nothing is added to an old one.
CREATE TRIGGER ledger_leg_in_turn BEFORE INSERT ON ledger_leg
WHEN NEW.entry IS NOT (SELECT max(number) FROM ledger_entry)
  OR NEW.place IS NOT (SELECT count(*) FROM ledger_leg WHERE entry = NEW.entry)
BEGIN
    SELECT RAISE(ABORT, 'legs are added to the last entry, one after another');
END;

CREATE TRIGGER ledger_account_once BEFORE INSERT ON ledger_account
WHEN NEW.balance <> 0
  OR EXISTS (SELECT 1 FROM ledger_account WHERE id = NEW.id)
  OR EXISTS (SELECT 1 FROM ledger_account
             WHERE kind = NEW.kind AND owner = NEW.owner AND currency = NEW.currency)
BEGIN
    SELECT RAISE(ABORT, 'an account is opened once, and empty');
END;
