-- Adds one grading; the marks of its point follow by trigger.
INSERT INTO assessment (risk_point_id, basis, method_id, method_version, inputs, score, grade, reasons, override_from,
    override_reason, assessor, assessed_on, next_review)
VALUES (%(risk_point_id)s::bigint, %(basis)s::text, %(method_id)s::text, %(method_version)s::text,
    %(inputs)s::text::jsonb, %(score)s::numeric, %(grade)s::smallint, %(reasons)s::text::jsonb,
    %(override_from)s::smallint, %(override_reason)s::text, %(assessor)s::text, %(assessed_on)s::date,
    %(next_review)s::date)
