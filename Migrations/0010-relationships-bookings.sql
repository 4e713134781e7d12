-- A visit that was arranged (APT-01 to APT-16). Title and place are sealed for the person who
-- gets support. BOOKED -> BOOKED (moved), CANCELLED or ENDED.
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
