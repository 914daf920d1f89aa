-- The name of an enterprise the viewer may see.
SELECT name FROM enterprise WHERE id = %(id)s::bigint
