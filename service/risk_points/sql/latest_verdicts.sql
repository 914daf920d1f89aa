-- The latest assessment on one basis of each named point, with the titles of its method.
-- Relies on assessment_latest.
SELECT point.id AS risk_point_id, verdict.*, method.title_zh, method.title_en
FROM unnest(%(ids)s::bigint[]) AS point(id)
CROSS JOIN LATERAL (
    SELECT basis, grade, method_id, method_version, score, reasons, assessor, assessed_on, next_review,
           override_from, override_reason
    FROM assessment
    WHERE risk_point_id = point.id AND basis = %(basis)s::text
    ORDER BY assessed_on DESC, id DESC
    LIMIT 1
) AS verdict
JOIN grading_method AS method ON method.method_id = verdict.method_id AND method.version = verdict.method_version
