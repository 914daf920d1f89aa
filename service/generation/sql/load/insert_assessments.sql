-- The evidence for every grade, before and with controls: verdicts of the published method for inputs that give it.
INSERT INTO assessment (risk_point_id, basis, method_id, method_version, inputs, score, grade, reasons, assessor, assessed_on,
    next_review, recorded_by, enterprise_id, located_in_path, managed_by_path, industry_scopes)
SELECT point.id, basis, method_id, method_version, inputs, score, verdict.grade, reasons,
    pg_temp.pick(%(people)s::text[], pg_temp.chance(%(seed)s, 'assessor', COALESCE(made.firm, -made.point))),
    point.assessed_on, point.next_review, current_writer(), point.enterprise_id, located_in_path, managed_by_path,
    industry_scopes
FROM made_point AS made
JOIN given_kind AS kind ON kind.number = made.kind
JOIN risk_point AS point ON point.id = made.id
CROSS JOIN LATERAL (VALUES (1, 'inherent', made.grade_inherent), (2, 'assessed', made.grade_assessed)) AS given (turn, basis, grade)
JOIN (SELECT severity, grade, count(*) AS verdicts FROM given_verdict GROUP BY severity, grade) AS reach
    ON reach.severity = kind.severity AND reach.grade = given.grade
JOIN given_verdict AS verdict ON verdict.severity = kind.severity AND verdict.grade = given.grade
    AND verdict.number = 1 + floor(pg_temp.chance(%(seed)s, basis, made.point) * verdicts)
ORDER BY made.id, turn
