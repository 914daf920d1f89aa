-- Which version of an enterprise stands, and who made it; nobody changes it until the transaction ends.
SELECT version, changed_by, recorded_from FROM enterprise WHERE id = %(id)s::bigint FOR UPDATE
