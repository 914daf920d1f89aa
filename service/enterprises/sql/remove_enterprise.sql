-- Takes one enterprise out of the register with its sites, in one statement: without sites it might be out of sight.
WITH left_behind AS (DELETE FROM site WHERE enterprise_id = %(id)s::bigint)
DELETE FROM enterprise WHERE id = %(id)s::bigint RETURNING id
