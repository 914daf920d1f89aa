-- Registers the staged enterprises that are new and tells the staging their ids, by credit code or else by name.
WITH added AS (
    INSERT INTO enterprise (uscc, name, initials, industries, economy_code, employees, home_territory_id, demo)
    SELECT uscc, name, initials, industries, economy_code, employees, home_territory_id, demo
    FROM staged_enterprise WHERE id IS NULL ORDER BY firm
    RETURNING id, uscc, name
)
UPDATE staged_enterprise AS staged SET id = added.id FROM added
WHERE staged.id IS NULL
  AND COALESCE('uscc ' || staged.uscc, 'name ' || staged.name) = COALESCE('uscc ' || added.uscc, 'name ' || added.name)
