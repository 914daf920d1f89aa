-- Which versions of which methods gave the grades of a selection, the most used first.
-- Relies on assessment_latest: one look-up for each point.
SELECT verdict.method_id, verdict.method_version, method.title_zh, method.title_en, count(*) AS points
FROM risk_point AS point
CROSS JOIN LATERAL (
    SELECT method_id, method_version FROM assessment
    WHERE risk_point_id = point.id AND basis = %(verdict_basis)s::text
    ORDER BY assessed_on DESC, id DESC
    LIMIT 1
) AS verdict
JOIN grading_method AS method ON method.method_id = verdict.method_id AND method.version = verdict.method_version
WHERE /* include risk_points/selected */
GROUP BY verdict.method_id, verdict.method_version, method.title_zh, method.title_en
ORDER BY points DESC, verdict.method_id, verdict.method_version
