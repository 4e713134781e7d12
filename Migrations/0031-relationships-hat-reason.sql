-- Why a hat was not given, locked with the key of who asked.
ALTER TABLE relationships_hat ADD COLUMN reason BLOB;
