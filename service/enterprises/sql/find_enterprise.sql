-- One enterprise by its id, with its version.
SELECT id, uscc, name, industries, economy_code, employees, home_territory_id, demo, version
FROM enterprise WHERE id = %(id)s::bigint
