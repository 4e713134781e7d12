-- The ledger in PostgreSQL: the same entry of two legs, balances, floors and one-time key, with a
-- hash chain over the entries. A chain is less work than our Merkle log, which also writes the
-- nodes that a proof needs.
DROP TABLE IF EXISTS leg, entry, account, head;
DROP SEQUENCE IF EXISTS posting;

CREATE TABLE account (
    id      bigint PRIMARY KEY,
    balance bigint NOT NULL DEFAULT 0,
    floor   bigint,
    CHECK (floor IS NULL OR balance >= floor)
);
CREATE TABLE entry (
    number       bigint PRIMARY KEY,
    kind         text NOT NULL,
    key          text NOT NULL UNIQUE,
    reference    bigint,
    effective_at timestamptz NOT NULL,
    recorded_at  timestamptz NOT NULL,
    hash         bytea NOT NULL
);
CREATE INDEX entry_reference ON entry (reference);
CREATE TABLE leg (
    entry   bigint NOT NULL REFERENCES entry (number),
    place   integer NOT NULL,
    account bigint NOT NULL REFERENCES account (id),
    amount  bigint NOT NULL CHECK (amount <> 0),
    PRIMARY KEY (entry, place)
);
CREATE INDEX leg_account ON leg (account, entry);
CREATE TABLE head (number bigint NOT NULL, hash bytea NOT NULL) WITH (fillfactor = 10);
CREATE SEQUENCE posting;

INSERT INTO account SELECT id FROM generate_series(0, 999) AS id;
INSERT INTO head VALUES (0, sha256(''));

CREATE OR REPLACE FUNCTION post() RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    reference bigint := nextval('posting');
    named text := 'bench-' || reference;
    payer bigint := reference % 1000;
    payee bigint := (payer + 1 + reference / 1000 % 999) % 1000;
    pence bigint := reference % 900 + 100;
    place bigint;
    before bytea;
    linked bytea;
BEGIN
    IF EXISTS (SELECT 1 FROM entry WHERE entry.key = named) THEN RETURN 0; END IF;
    -- Always in one order, so that two postings never wait for each other.
    IF payer < payee THEN
        UPDATE account SET balance = balance - pence WHERE id = payer;
        UPDATE account SET balance = balance + pence WHERE id = payee;
    ELSE
        UPDATE account SET balance = balance + pence WHERE id = payee;
        UPDATE account SET balance = balance - pence WHERE id = payer;
    END IF;
    -- As late as may be: whoever has the head of the chain has it until the commit is on disk.
    SELECT number + 1, hash INTO place, before FROM head FOR UPDATE;
    linked := sha256(before || convert_to(
        concat_ws('|', place, 'bench', named, reference, now(), payer, -pence, payee, pence),
        'UTF8'
    ));
    INSERT INTO entry VALUES (place, 'bench', named, reference, now(), now(), linked);
    INSERT INTO leg VALUES (place, 0, payer, -pence), (place, 1, payee, pence);
    UPDATE head SET number = place, hash = linked;
    RETURN place;
END
$$;
