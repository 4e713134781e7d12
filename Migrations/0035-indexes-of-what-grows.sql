-- Nothing that a page asks goes through a whole table; what waits to be done has an index of its
-- own, which stays as short as that.
CREATE INDEX relationships_booking_relationship
    ON relationships_booking (relationship, starts_at);
CREATE INDEX relationships_hat_requested
    ON relationships_hat (requested_at, person, hat) WHERE state = 'requested';
CREATE INDEX transactions_care_log_due
    ON transactions_care_log (receiver, id) WHERE state = 'confirmed' AND rate IS NOT NULL;
