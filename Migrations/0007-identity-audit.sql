-- Who did or read what about whom, when, for whom and why (AUD-01 to AUD-08). Never content.
-- Each row is a leaf of the proof log "audit".
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

CREATE INDEX identity_audit_subject ON identity_audit (subject, position);
CREATE INDEX identity_audit_actor ON identity_audit (actor, position);
CREATE INDEX identity_audit_at ON identity_audit (at);

CREATE TRIGGER identity_audit_no_update BEFORE UPDATE ON identity_audit
BEGIN
    SELECT RAISE(ABORT, 'the audit is append-only');
END;

CREATE TRIGGER identity_audit_no_delete BEFORE DELETE ON identity_audit
BEGIN
    SELECT RAISE(ABORT, 'the audit is append-only');
END;

-- Leave to act for someone else: for one task, until a time, and no longer than they like.
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
