-- Which version of a site stands, and who made it; nobody changes it until the transaction ends.
SELECT version, changed_by, recorded_from, enterprise_id FROM site WHERE id = %(id)s::bigint FOR UPDATE
