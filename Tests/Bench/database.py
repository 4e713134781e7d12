"""The database that every page is read from."""

import os
import sqlite3

SCHEMA = """
PRAGMA journal_mode = WAL;
CREATE TABLE person (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL UNIQUE, bio TEXT NOT NULL);
CREATE TABLE session (
    token TEXT PRIMARY KEY, user INT NOT NULL, expires INT NOT NULL) WITHOUT ROWID;
CREATE TABLE account (id INTEGER PRIMARY KEY, balance INT NOT NULL);
CREATE TABLE visit (
    id INTEGER PRIMARY KEY, person INT NOT NULL, at INT NOT NULL, title TEXT NOT NULL,
    note TEXT NOT NULL, status TEXT NOT NULL, helper TEXT NOT NULL);
CREATE INDEX visit_person_at ON visit (person, at DESC);
"""

# "Kith" in ASCII: the store takes no other program's file.
STORE = 0x4B697468


def create(path, ours=False):
    """10,000 people, 1,000 sessions, 200,000 visits; the same bytes for everyone."""
    data = sqlite3.connect(path)
    data.executescript(SCHEMA)
    data.executemany(
        "INSERT INTO person VALUES (?, ?, ?, ?)",
        (
            (n, f"Person Number {n}", f"person{n}@example.org",
             f"Lives nearby & likes <gardening>, number {n}.")
            for n in range(1, 10_001)
        ),
    )
    data.executemany("INSERT INTO account VALUES (?, ?)", ((n, n * 30) for n in range(1, 10_001)))
    data.executemany(
        "INSERT INTO session VALUES (?, ?, ?)",
        ((f"tok{n}-0123456789abcdef0123456789abcdef", n, 4_000_000_000) for n in range(1, 1001)),
    )
    data.executemany(
        "INSERT INTO visit VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            (n, 1 + n % 1000, 1_760_000_000 + n * 60, f"Visit {n}: shopping & company",
             f'Please bring the <blue> bag and "ring twice"; the door is on the left, number {n},'
             " by the old O'Neill bakery.",
             "confirmed" if n % 3 == 0 else "open", f"Helper {n % 977}")
            for n in range(1, 200_001)
        ),
    )
    data.execute("ANALYZE")
    if ours:
        data.execute(f"PRAGMA application_id = {STORE}")
    data.commit()
    data.close()


def cookie(person=7):
    return f"sid=tok{person}-0123456789abcdef0123456789abcdef"
