-- Registers one enterprise and gives its id.
INSERT INTO enterprise (uscc, name, initials, industries, economy_code, employees, home_territory_id, demo)
VALUES (%(uscc)s::text, %(name)s::text, %(initials)s::text, %(industries)s::text[], %(economy_code)s::text,
    %(employees)s::integer, %(home_territory_id)s::bigint, %(demo)s::boolean)
RETURNING id
