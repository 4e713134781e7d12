-- A version may say that the visit did not happen at all: then it costs nothing, and its times
-- are those it was booked for. And whoever changes a log may say why, sealed for the person who
-- gets support.
ALTER TABLE transactions_care_log_version
    ADD COLUMN happened INTEGER NOT NULL DEFAULT 1 CHECK (happened IN (0, 1));
ALTER TABLE transactions_care_log_version ADD COLUMN why BLOB;
