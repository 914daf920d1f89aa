-- The evidence for every grade, before and with controls: verdicts of the published method for inputs that give it.
WITH reach AS (
    SELECT severity, grade, count(*)::integer AS verdicts FROM given_verdict GROUP BY severity, grade
), drawn AS (
    SELECT made.*, turn, basis, kind.severity, given.grade,
        1 + floor(pg_temp.chance(%(seed)s, basis, point) * verdicts)::integer AS number
    FROM made_point AS made
    JOIN given_kind AS kind ON kind.number = made.kind
    CROSS JOIN LATERAL (VALUES (0, 'inherent', grade_inherent), (1, 'assessed', grade_assessed)) AS given (turn, basis, grade)
    JOIN reach ON reach.severity = kind.severity AND reach.grade = given.grade
)
INSERT INTO assessment (id, risk_point_id, basis, method_id, method_version, inputs, score, grade, reasons, assessor,
    assessed_on, next_review, recorded_by, enterprise_id, located_in_path, managed_by_path, industry_scopes)
OVERRIDING SYSTEM VALUE
SELECT %(first_assessment)s::bigint + 2 * (point - 1) + turn, drawn.id, basis, method_id, method_version, inputs, score,
    verdict.grade, reasons, pg_temp.pick(%(people)s::text[], pg_temp.chance(%(seed)s, 'assessor', COALESCE(firm, -point))),
    assessed_on, next_review, current_writer(), %(first_enterprise)s::bigint + firm - 1, located_in_path, managed_by_path,
    industry_scopes
FROM drawn
JOIN given_verdict AS verdict USING (severity, grade, number)
JOIN made_scope AS scope ON scope.industries = drawn.industries AND scope.located_in_id = drawn.located_in_id
    AND scope.managed_by_id = drawn.managed_by_id
