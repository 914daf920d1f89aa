-- The enterprises whose names nobody has spelled yet.
SELECT id, name FROM enterprise WHERE initials = '' ORDER BY id
