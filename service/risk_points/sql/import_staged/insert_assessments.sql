-- Adds the assessments; the marks of their points follow by trigger.
INSERT INTO assessment (risk_point_id, basis, method_id, method_version, inputs, score, grade, reasons, override_from,
    override_reason, assessor, assessed_on, next_review)
SELECT point.id, staged.basis, staged.method_id, staged.method_version, staged.inputs, staged.score, staged.grade,
    staged.reasons, staged.override_from, staged.override_reason, staged.assessor, staged.assessed_on,
    staged.next_review
FROM staged_assessment AS staged JOIN staged_risk_point AS point USING (item)
ORDER BY item, basis
