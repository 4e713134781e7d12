-- The community's key, locked with the master key; and each person's key, locked with the
-- community's. Erasing a person is taking their row away.
CREATE TABLE vault_community (
    id      INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    name    TEXT    NOT NULL,
    wrapped BLOB    NOT NULL,
    made_at INTEGER NOT NULL
) STRICT;

CREATE TABLE vault_key (
    subject INTEGER NOT NULL PRIMARY KEY,
    wrapped BLOB    NOT NULL,
    made_at INTEGER NOT NULL
) STRICT;

-- Whose key was destroyed, so that no second one is made under the same name.
CREATE TABLE vault_erasure (
    subject   INTEGER NOT NULL PRIMARY KEY,
    erased_at INTEGER NOT NULL
) STRICT;
