-- Readings of the audit of all stand in everyone's list, and are found without going through it;
-- so is what was done in someone's name.
CREATE INDEX identity_audit_readings ON identity_audit (action, kind, position)
    WHERE subject IS NULL AND action = 'viewed' AND kind = 'audit';
CREATE INDEX identity_audit_on_behalf_of ON identity_audit (on_behalf_of, position)
    WHERE on_behalf_of IS NOT NULL;
