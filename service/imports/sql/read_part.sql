-- The rows of one kept slice.
SELECT points, events, measures, assessments FROM import_part
WHERE upload_id = %(upload_id)s::uuid AND part = %(part)s::integer
