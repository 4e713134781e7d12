CREATE TABLE channels_joining (
    person    INTEGER NOT NULL PRIMARY KEY REFERENCES identity_person (id),
    support   TEXT    NOT NULL,
    postcode  BLOB    NOT NULL,
    joined_at INTEGER NOT NULL
) STRICT;

CREATE TABLE channels_notice (
    id        INTEGER PRIMARY KEY,
    person    INTEGER NOT NULL REFERENCES identity_person (id),
    kind      TEXT    NOT NULL,
    about     INTEGER REFERENCES identity_person (id),
    reference INTEGER NOT NULL,
    made_at   INTEGER NOT NULL,
    read_at   INTEGER
, actor INTEGER REFERENCES identity_person (id), acted_for INTEGER REFERENCES identity_person (id), starts_at INTEGER, ends_at INTEGER, started_at INTEGER, ended_at INTEGER, hat TEXT) STRICT;

CREATE INDEX channels_notice_person ON channels_notice (person, made_at);

CREATE INDEX channels_notice_unread ON channels_notice (person) WHERE read_at IS NULL;

CREATE TABLE channels_sign_up (
    token_hash BLOB    NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),
    support    TEXT             CHECK (support IN ('getting-support', 'giving-support')),
    postcode   TEXT             CHECK (postcode IS NULL OR support IS NOT NULL),
    begun_at   INTEGER NOT NULL
, done_at INTEGER) STRICT, WITHOUT ROWID;

CREATE INDEX channels_sign_up_begun ON channels_sign_up (begun_at);

CREATE TABLE events_cursor (
    subscriber TEXT NOT NULL PRIMARY KEY,
    number INTEGER NOT NULL CHECK (number >= 0),
    attempts INTEGER NOT NULL CHECK (attempts >= 0),
    due_at INTEGER NOT NULL
) STRICT;

CREATE TABLE events_dead_letter (
    id INTEGER NOT NULL PRIMARY KEY,
    subscriber TEXT,
    name TEXT NOT NULL,
    payload TEXT NOT NULL,
    attempts INTEGER NOT NULL CHECK (attempts > 0),
    error TEXT NOT NULL,
    failed_at INTEGER NOT NULL
) STRICT;

CREATE TABLE events_event (
    number INTEGER NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    payload TEXT NOT NULL,
    recorded_at INTEGER NOT NULL
) STRICT;

CREATE INDEX events_event_by_name ON events_event (name, number);

CREATE TABLE events_job (
    id INTEGER NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    payload TEXT NOT NULL,
    key TEXT UNIQUE,
    due_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL CHECK (attempts >= 0),
    started_at INTEGER
) STRICT;

CREATE INDEX events_job_by_due ON events_job (due_at, id);

CREATE TABLE identity_attempt (
    key      BLOB    NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL CHECK (failures > 0),
    last_at  INTEGER NOT NULL,
    free_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX identity_attempt_last ON identity_attempt (last_at);

CREATE TABLE identity_audit (
    position     INTEGER PRIMARY KEY,
    at           INTEGER NOT NULL,
    actor        INTEGER,
    on_behalf_of INTEGER,
    permit       INTEGER,
    subject      INTEGER,
    action       TEXT    NOT NULL,
    kind         TEXT    NOT NULL,
    reference    INTEGER,
    reason       TEXT    NOT NULL
) STRICT;

CREATE INDEX identity_audit_actor ON identity_audit (actor, position);

CREATE INDEX identity_audit_at ON identity_audit (at);

CREATE TRIGGER identity_audit_no_delete BEFORE DELETE ON identity_audit
BEGIN
    SELECT RAISE(ABORT, 'the audit is append-only');
END;

CREATE TRIGGER identity_audit_no_update BEFORE UPDATE ON identity_audit
BEGIN
    SELECT RAISE(ABORT, 'the audit is append-only');
END;

CREATE INDEX identity_audit_on_behalf_of ON identity_audit (on_behalf_of, position)
    WHERE on_behalf_of IS NOT NULL;

CREATE INDEX identity_audit_readings ON identity_audit (action, kind, position)
    WHERE subject IS NULL AND action = 'viewed' AND kind = 'audit';

CREATE INDEX identity_audit_subject ON identity_audit (subject, position);

CREATE TABLE identity_grant (
    id           INTEGER PRIMARY KEY,
    giver        INTEGER NOT NULL REFERENCES identity_person (id),
    holder       INTEGER NOT NULL REFERENCES identity_person (id) CHECK (holder <> giver),
    task         TEXT    NOT NULL,
    minutes      INTEGER NOT NULL CHECK (minutes BETWEEN 5 AND 240),
    state        TEXT    NOT NULL CHECK (state IN ('asked', 'active', 'declined', 'stopped')),
    asked_at     INTEGER NOT NULL,
    decided_at   INTEGER,
    ends_at      INTEGER,
    stopped_by   INTEGER REFERENCES identity_person (id),
    CHECK ((state IN ('active', 'stopped')) = (ends_at IS NOT NULL))
) STRICT;

CREATE INDEX identity_grant_giver ON identity_grant (giver, asked_at);

CREATE INDEX identity_grant_holder ON identity_grant (holder, asked_at);

CREATE TABLE identity_password_reset (
    id      INTEGER PRIMARY KEY,
    person  INTEGER NOT NULL REFERENCES identity_person (id),
    ends_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT;

CREATE INDEX identity_password_reset_person ON identity_password_reset (person);

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

CREATE TABLE identity_session (
    token_hash BLOB    NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),
    person     INTEGER NOT NULL REFERENCES identity_person (id),
    made_at    INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL,
    ends_at    INTEGER NOT NULL CHECK (ends_at > made_at)
) STRICT, WITHOUT ROWID;

CREATE INDEX identity_session_person ON identity_session (person);

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

CREATE TABLE identity_verification (
    id      INTEGER PRIMARY KEY,
    person  INTEGER NOT NULL REFERENCES identity_person (id),
    ends_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT;

CREATE INDEX identity_verification_person ON identity_verification (person);

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

CREATE TRIGGER ledger_account_no_delete BEFORE DELETE ON ledger_account
BEGIN
    SELECT RAISE(ABORT, 'an account is for ever');
END;

CREATE TRIGGER ledger_account_once BEFORE INSERT ON ledger_account
WHEN NEW.balance <> 0
  OR EXISTS (SELECT 1 FROM ledger_account WHERE id = NEW.id)
  OR EXISTS (SELECT 1 FROM ledger_account
             WHERE kind = NEW.kind AND owner = NEW.owner AND currency = NEW.currency)
BEGIN
    SELECT RAISE(ABORT, 'an account is opened once, and empty');
END;

CREATE TRIGGER ledger_account_same BEFORE UPDATE OF kind, owner, currency ON ledger_account
BEGIN
    SELECT RAISE(ABORT, 'an account stays what it is');
END;

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

CREATE TRIGGER ledger_entry_in_turn BEFORE INSERT ON ledger_entry
WHEN NEW.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM ledger_entry)
BEGIN
    SELECT RAISE(ABORT, 'entries are numbered one after another');
END;

CREATE TRIGGER ledger_entry_no_delete BEFORE DELETE ON ledger_entry
BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only');
END;

CREATE TRIGGER ledger_entry_no_update BEFORE UPDATE ON ledger_entry
BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only');
END;

CREATE TRIGGER ledger_entry_once BEFORE INSERT ON ledger_entry
WHEN EXISTS (SELECT 1 FROM ledger_entry WHERE key = NEW.key)
  OR EXISTS (SELECT 1 FROM ledger_entry WHERE reverses = NEW.reverses)
BEGIN
    SELECT RAISE(ABORT, 'a key makes one entry, and an entry is reversed once');
END;

CREATE INDEX ledger_entry_reference ON ledger_entry (reference);

CREATE TRIGGER ledger_entry_time BEFORE INSERT ON ledger_entry
WHEN NEW.recorded_at < (SELECT recorded_at FROM ledger_entry ORDER BY number DESC LIMIT 1)
BEGIN
    SELECT RAISE(ABORT, 'the recorded time never runs backwards');
END;

CREATE TABLE ledger_leg (
    entry   INTEGER NOT NULL REFERENCES ledger_entry (number),
    place   INTEGER NOT NULL CHECK (place >= 0),
    account INTEGER NOT NULL REFERENCES ledger_account (id),
    amount  INTEGER NOT NULL CHECK (amount <> 0 AND abs(amount) < 9007199254740992),
    PRIMARY KEY (entry, place)
) STRICT, WITHOUT ROWID;

CREATE INDEX ledger_leg_account ON ledger_leg (account, entry);

CREATE TRIGGER ledger_leg_balance AFTER INSERT ON ledger_leg
BEGIN
    UPDATE ledger_account SET balance = balance + NEW.amount WHERE id = NEW.account;
END;

CREATE TRIGGER ledger_leg_in_turn BEFORE INSERT ON ledger_leg
WHEN NEW.entry IS NOT (SELECT max(number) FROM ledger_entry)
  OR NEW.place IS NOT (SELECT count(*) FROM ledger_leg WHERE entry = NEW.entry)
BEGIN
    SELECT RAISE(ABORT, 'legs are added to the last entry, one after another');
END;

CREATE TRIGGER ledger_leg_no_delete BEFORE DELETE ON ledger_leg
BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only');
END;

CREATE TRIGGER ledger_leg_no_update BEFORE UPDATE ON ledger_leg
BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only');
END;

CREATE TABLE prooflog_checkpoint (
    log  TEXT    NOT NULL,
    size INTEGER NOT NULL CHECK (size >= 0),
    root BLOB    NOT NULL CHECK (length(root) = 32),
    at   INTEGER NOT NULL,
    note TEXT    NOT NULL,
    PRIMARY KEY (log, size)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER prooflog_checkpoint_no_delete BEFORE DELETE ON prooflog_checkpoint
BEGIN
    SELECT RAISE(ABORT, 'a checkpoint is for ever');
END;

CREATE TRIGGER prooflog_checkpoint_no_update BEFORE UPDATE ON prooflog_checkpoint
BEGIN
    SELECT RAISE(ABORT, 'a checkpoint is for ever');
END;

CREATE TABLE prooflog_node (
    log      TEXT    NOT NULL,
    level    INTEGER NOT NULL CHECK (level >= 0),
    position INTEGER NOT NULL CHECK (position >= 0),
    hash     BLOB    NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (log, level, position)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER prooflog_node_no_delete BEFORE DELETE ON prooflog_node
BEGIN
    SELECT RAISE(ABORT, 'a proof log is append-only');
END;

CREATE TRIGGER prooflog_node_no_update BEFORE UPDATE ON prooflog_node
BEGIN
    SELECT RAISE(ABORT, 'a proof log is append-only');
END;

CREATE TABLE prooflog_restoring (
    id   INTEGER NOT NULL PRIMARY KEY,
    mark TEXT    NOT NULL UNIQUE,
    at   INTEGER NOT NULL
) STRICT;

CREATE TABLE relationships_asking (
    id           INTEGER PRIMARY KEY,
    asker        INTEGER NOT NULL REFERENCES identity_person (id),
    name         BLOB    NOT NULL,
    kind         TEXT    NOT NULL CHECK (kind IN ('carer', 'assistant')),
    -- Whether who asks would be the one who supports.
    supports     INTEGER NOT NULL CHECK (supports IN (0, 1)),
    -- NULL where nobody has that name.
    relationship INTEGER REFERENCES relationships_relationship (id),
    asked_at     INTEGER NOT NULL,
    withdrawn_at INTEGER
) STRICT;

CREATE INDEX relationships_asking_asker ON relationships_asking (asker, asked_at);

CREATE TABLE relationships_booking (
    id           INTEGER PRIMARY KEY,
    relationship INTEGER NOT NULL REFERENCES relationships_relationship (id),
    giver        INTEGER NOT NULL REFERENCES identity_person (id),
    receiver     INTEGER NOT NULL REFERENCES identity_person (id),
    title        BLOB    NOT NULL,
    place        BLOB    NOT NULL,
    starts_at    INTEGER NOT NULL,
    ends_at      INTEGER NOT NULL CHECK (ends_at > starts_at),
    state        TEXT    NOT NULL CHECK (state IN ('booked', 'cancelled', 'ended')),
    made_by      INTEGER NOT NULL REFERENCES identity_person (id),
    made_at      INTEGER NOT NULL,
    -- One press of the button makes one booking, however often it is pressed.
    once         TEXT    NOT NULL UNIQUE
) STRICT;

CREATE INDEX relationships_booking_giver ON relationships_booking (giver, starts_at);

CREATE INDEX relationships_booking_receiver ON relationships_booking (receiver, starts_at);

CREATE INDEX relationships_booking_relationship
    ON relationships_booking (relationship, starts_at);

CREATE TABLE relationships_hat (
    person       INTEGER NOT NULL REFERENCES identity_person (id),
    hat          TEXT    NOT NULL CHECK (hat IN ('getting-support', 'giving-support',
                     'arranging-support', 'facilitator', 'admin')),
    state        TEXT    NOT NULL CHECK (state IN ('requested', 'held', 'declined')),
    requested_at INTEGER NOT NULL,
    decided_at   INTEGER,
    decided_by   INTEGER REFERENCES identity_person (id), reason BLOB,
    PRIMARY KEY (person, hat),
    CHECK ((state = 'requested') = (decided_at IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX relationships_hat_requested
    ON relationships_hat (requested_at, person, hat) WHERE state = 'requested';

CREATE TABLE relationships_relationship (
    id             INTEGER PRIMARY KEY,
    kind           TEXT    NOT NULL CHECK (kind IN ('carer', 'assistant')),
    supporter      INTEGER NOT NULL REFERENCES identity_person (id),
    supported      INTEGER NOT NULL REFERENCES identity_person (id),
    -- Pence an hour; NULL for what is given freely.
    rate           INTEGER CHECK (rate > 0),
    state          TEXT    NOT NULL CHECK (state IN ('pending', 'accepted', 'declined', 'ended')),
    requested_by   INTEGER NOT NULL REFERENCES identity_person (id),
    requested_at   INTEGER NOT NULL,
    decided_at     INTEGER,
    ended_at       INTEGER,
    ended_by       INTEGER REFERENCES identity_person (id),
    CHECK (supporter <> supported),
    CHECK (requested_by IN (supporter, supported)),
    CHECK (kind = 'carer' OR rate IS NULL),
    CHECK ((state = 'ended') = (ended_at IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX relationships_relationship_once
    ON relationships_relationship (kind, supporter, supported)
    WHERE state IN ('pending', 'accepted');

CREATE INDEX relationships_relationship_supported
    ON relationships_relationship (supported, state);

CREATE INDEX relationships_relationship_supporter
    ON relationships_relationship (supporter, state);

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

CREATE INDEX transactions_care_log_due
    ON transactions_care_log (receiver, id) WHERE state = 'confirmed' AND rate IS NOT NULL;

CREATE INDEX transactions_care_log_giver ON transactions_care_log (giver, state);

CREATE INDEX transactions_care_log_receiver ON transactions_care_log (receiver, state);

CREATE TRIGGER transactions_care_log_states BEFORE UPDATE OF state ON transactions_care_log
WHEN NOT (OLD.state = NEW.state AND OLD.state <> 'paid'
          OR OLD.state = 'pending' AND NEW.state = 'confirmed'
          OR OLD.state = 'confirmed' AND NEW.state = 'paid')
BEGIN
    SELECT RAISE(ABORT, 'a care log does not go that way');
END;

CREATE TABLE transactions_care_log_confirmation (
    position     INTEGER PRIMARY KEY,
    care_log     INTEGER NOT NULL REFERENCES transactions_care_log (id),
    version      INTEGER NOT NULL,
    side         TEXT    NOT NULL CHECK (side IN ('giver', 'receiver')),
    person       INTEGER NOT NULL REFERENCES identity_person (id),
    confirmed_at INTEGER NOT NULL,
    UNIQUE (care_log, version, side)
) STRICT;

CREATE TRIGGER transactions_care_log_confirmation_no_delete
BEFORE DELETE ON transactions_care_log_confirmation
BEGIN
    SELECT RAISE(ABORT, 'a confirmation is for ever');
END;

CREATE TRIGGER transactions_care_log_confirmation_no_update
BEFORE UPDATE ON transactions_care_log_confirmation
BEGIN
    SELECT RAISE(ABORT, 'a confirmation is for ever');
END;

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
    note       BLOB, happened INTEGER NOT NULL DEFAULT 1 CHECK (happened IN (0, 1)), why BLOB,
    UNIQUE (care_log, version)
) STRICT;

CREATE TRIGGER transactions_care_log_version_no_delete
BEFORE DELETE ON transactions_care_log_version
BEGIN
    SELECT RAISE(ABORT, 'a version of a care log is for ever');
END;

CREATE TRIGGER transactions_care_log_version_no_update
BEFORE UPDATE ON transactions_care_log_version
BEGIN
    SELECT RAISE(ABORT, 'a version of a care log is for ever');
END;

CREATE TABLE transactions_correction (
    receipt INTEGER PRIMARY KEY REFERENCES transactions_receipt (id),
    entry   INTEGER NOT NULL UNIQUE REFERENCES ledger_entry (number),
    why     BLOB    NOT NULL,
    made_by INTEGER NOT NULL REFERENCES identity_person (id),
    made_at INTEGER NOT NULL,
    once    TEXT    NOT NULL UNIQUE
) STRICT;

CREATE TRIGGER transactions_correction_no_delete BEFORE DELETE ON transactions_correction
BEGIN
    SELECT RAISE(ABORT, 'a correction is for ever');
END;

CREATE TRIGGER transactions_correction_no_update BEFORE UPDATE ON transactions_correction
BEGIN
    SELECT RAISE(ABORT, 'a correction is for ever');
END;

CREATE TABLE transactions_payment (
    care_log INTEGER PRIMARY KEY REFERENCES transactions_care_log (id),
    run      INTEGER NOT NULL REFERENCES transactions_payment_run (id),
    giver    INTEGER NOT NULL REFERENCES identity_person (id),
    receiver INTEGER NOT NULL REFERENCES identity_person (id),
    pence    INTEGER NOT NULL CHECK (pence >= 0)
) STRICT;

CREATE INDEX transactions_payment_of_run ON transactions_payment (run);

CREATE TABLE transactions_payment_left (
    run      INTEGER NOT NULL REFERENCES transactions_payment_run (id),
    care_log INTEGER NOT NULL REFERENCES transactions_care_log (id),
    pence    INTEGER NOT NULL,
    PRIMARY KEY (run, care_log)
) STRICT, WITHOUT ROWID;

CREATE TABLE transactions_payment_run (
    id         INTEGER PRIMARY KEY,
    started_by INTEGER REFERENCES identity_person (id),
    started_at INTEGER NOT NULL,
    once       TEXT    NOT NULL UNIQUE
) STRICT;

CREATE TABLE transactions_posting (
    person   INTEGER NOT NULL REFERENCES identity_person (id),
    key      TEXT    NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    body     BLOB    NOT NULL CHECK (length(body) = 32),
    entry    INTEGER NOT NULL UNIQUE REFERENCES ledger_entry (number),
    PRIMARY KEY (person, key)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER transactions_posting_no_delete BEFORE DELETE ON transactions_posting
BEGIN
    SELECT RAISE(ABORT, 'what was answered stays answered');
END;

CREATE TRIGGER transactions_posting_no_update BEFORE UPDATE ON transactions_posting
BEGIN
    SELECT RAISE(ABORT, 'what was answered stays answered');
END;

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

CREATE TRIGGER transactions_receipt_no_delete BEFORE DELETE ON transactions_receipt
BEGIN
    SELECT RAISE(ABORT, 'what came in is put right by a correction');
END;

CREATE TRIGGER transactions_receipt_no_update BEFORE UPDATE ON transactions_receipt
BEGIN
    SELECT RAISE(ABORT, 'what came in is put right by a correction');
END;

CREATE TABLE vault_community (
    id      INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    name    TEXT    NOT NULL,
    wrapped BLOB    NOT NULL,
    made_at INTEGER NOT NULL
) STRICT;

CREATE TABLE vault_erasure (
    subject   INTEGER NOT NULL PRIMARY KEY,
    erased_at INTEGER NOT NULL
) STRICT;

CREATE TABLE vault_key (
    subject INTEGER NOT NULL PRIMARY KEY,
    wrapped BLOB    NOT NULL,
    made_at INTEGER NOT NULL
) STRICT;
