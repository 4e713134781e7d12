-- Append-only Merkle logs (RFC 6962), any number of them by name. A leaf is kept for every
-- record, and the root of every complete subtree, so that growing and proving need few rows.
CREATE TABLE prooflog_node (
    log      TEXT    NOT NULL,
    level    INTEGER NOT NULL CHECK (level >= 0),
    position INTEGER NOT NULL CHECK (position >= 0),
    hash     BLOB    NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (log, level, position)
) STRICT, WITHOUT ROWID;

-- What was promised to the outside: a signed root of the log at one size.
CREATE TABLE prooflog_checkpoint (
    log  TEXT    NOT NULL,
    size INTEGER NOT NULL CHECK (size >= 0),
    root BLOB    NOT NULL CHECK (length(root) = 32),
    at   INTEGER NOT NULL,
    note TEXT    NOT NULL,
    PRIMARY KEY (log, size)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER prooflog_node_no_update BEFORE UPDATE ON prooflog_node
BEGIN
    SELECT RAISE(ABORT, 'a proof log is append-only');
END;

CREATE TRIGGER prooflog_node_no_delete BEFORE DELETE ON prooflog_node
BEGIN
    SELECT RAISE(ABORT, 'a proof log is append-only');
END;

CREATE TRIGGER prooflog_checkpoint_no_update BEFORE UPDATE ON prooflog_checkpoint
BEGIN
    SELECT RAISE(ABORT, 'a checkpoint is for ever');
END;

CREATE TRIGGER prooflog_checkpoint_no_delete BEFORE DELETE ON prooflog_checkpoint
BEGIN
    SELECT RAISE(ABORT, 'a checkpoint is for ever');
END;
