-- The territories that have a boundary.
SELECT id FROM territory WHERE valid_to IS NULL AND boundary IS NOT NULL
