-- What a person does here, of their own choosing; several at once (HAT-01 to HAT-14).
CREATE TABLE relationships_hat (
    person       INTEGER NOT NULL REFERENCES identity_person (id),
    hat          TEXT    NOT NULL CHECK (hat IN ('getting-support', 'giving-support',
                     'arranging-support', 'facilitator', 'admin')),
    state        TEXT    NOT NULL CHECK (state IN ('requested', 'held', 'declined')),
    requested_at INTEGER NOT NULL,
    decided_at   INTEGER,
    decided_by   INTEGER REFERENCES identity_person (id),
    PRIMARY KEY (person, hat),
    CHECK ((state = 'requested') = (decided_at IS NULL))
) STRICT, WITHOUT ROWID;

-- How two people stand to each other: a carer supports, an assistant arranges (REL-01).
-- PENDING -> ACCEPTED -> ENDED, or PENDING -> DECLINED (REL-08).
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

CREATE INDEX relationships_relationship_supporter
    ON relationships_relationship (supporter, state);
CREATE INDEX relationships_relationship_supported
    ON relationships_relationship (supported, state);

-- Two people stand in one relationship of a kind at a time.
CREATE UNIQUE INDEX relationships_relationship_once
    ON relationships_relationship (kind, supporter, supported)
    WHERE state IN ('pending', 'accepted');
