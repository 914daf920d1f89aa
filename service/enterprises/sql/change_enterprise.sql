-- Brings one registered enterprise to what it is to be.
UPDATE enterprise
SET uscc = %(uscc)s::text, name = %(name)s::text, initials = %(initials)s::text, industries = %(industries)s::text[],
    economy_code = %(economy_code)s::text, employees = %(employees)s::integer,
    home_territory_id = %(home_territory_id)s::bigint
WHERE id = %(id)s::bigint
RETURNING id
