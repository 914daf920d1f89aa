-- The gradings of a risk point recorded at or after a moment, each beside the one of its basis that arrived before it.
SELECT assessment.id, basis, recorded_at, recorded_by, assessment.method_id, assessment.inputs, score, grade,
    override_reason, assessor, assessed_on, next_review, method.title_zh, method.title_en, earlier.*
FROM assessment
JOIN grading_method AS method ON method.method_id = assessment.method_id AND method.version = assessment.method_version
LEFT JOIN LATERAL (
    SELECT before.inputs AS old_inputs, before.score AS old_score, before.grade AS old_grade,
        before.override_reason AS old_override_reason, before.assessor AS old_assessor,
        before.assessed_on AS old_assessed_on, before.next_review AS old_next_review,
        title.title_zh AS old_title_zh, title.title_en AS old_title_en
    FROM assessment AS before
    JOIN grading_method AS title ON title.method_id = before.method_id AND title.version = before.method_version
    WHERE before.risk_point_id = assessment.risk_point_id AND before.basis = assessment.basis
      AND before.id < assessment.id
    ORDER BY before.id DESC LIMIT 1
) AS earlier ON true
WHERE assessment.risk_point_id = %(id)s::bigint AND recorded_at >= %(oldest)s::timestamptz
ORDER BY assessment.id
