-- A sign-up that was used is kept without its answers until its day is over, so that a button
-- pressed twice leads to the same page.
ALTER TABLE channels_sign_up ADD COLUMN done_at INTEGER;
