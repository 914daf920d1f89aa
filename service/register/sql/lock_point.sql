-- Which version of a risk point stands, and who made it; nobody changes it until the transaction ends.
SELECT version, changed_by, recorded_from FROM risk_point WHERE id = %(id)s::bigint FOR UPDATE
