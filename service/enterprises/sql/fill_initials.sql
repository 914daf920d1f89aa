-- Gives enterprises the first letters of their names.
UPDATE enterprise SET initials = spelled.initials
FROM unnest(%(ids)s::bigint[], %(initials)s::text[]) AS spelled (id, initials)
WHERE enterprise.id = spelled.id
