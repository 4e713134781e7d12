-- What someone asked of another whose username they were told (J9). It stands here whether or not
-- anybody has that name, so that asking finds out nothing; the name is as it was typed, sealed for
-- who asks.
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
