-- Something a person should know (NTF-05). It names what it is about and never its content.
CREATE TABLE channels_notice (
    id        INTEGER PRIMARY KEY,
    person    INTEGER NOT NULL REFERENCES identity_person (id),
    kind      TEXT    NOT NULL,
    about     INTEGER REFERENCES identity_person (id),
    reference INTEGER NOT NULL,
    made_at   INTEGER NOT NULL,
    read_at   INTEGER
) STRICT;

CREATE INDEX channels_notice_unread ON channels_notice (person) WHERE read_at IS NULL;
CREATE INDEX channels_notice_person ON channels_notice (person, made_at);
