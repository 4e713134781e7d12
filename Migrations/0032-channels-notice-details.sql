-- What happened, so that a notice can say it: who did it and for whom, from when to when the
-- visit is and was, and which hat was asked for.
ALTER TABLE channels_notice ADD COLUMN actor INTEGER REFERENCES identity_person (id);
ALTER TABLE channels_notice ADD COLUMN acted_for INTEGER REFERENCES identity_person (id);
ALTER TABLE channels_notice ADD COLUMN starts_at INTEGER;
ALTER TABLE channels_notice ADD COLUMN ends_at INTEGER;
ALTER TABLE channels_notice ADD COLUMN started_at INTEGER;
ALTER TABLE channels_notice ADD COLUMN ended_at INTEGER;
ALTER TABLE channels_notice ADD COLUMN hat TEXT;
