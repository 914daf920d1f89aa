-- The selected points with all that a file says of them, the worst first: owner, place, events, measures, the latest
-- assessment on the basis of the colour.
-- Relies on risk_point_rank for the order and on assessment_latest, risk_event_sort_unique and measure_risk_point.
WITH chosen AS (
    SELECT point.id, marked.rank
    FROM risk_point AS point
    CROSS JOIN LATERAL (
        SELECT /* include risk_points/rank */ AS rank
    ) AS marked
    WHERE /* include risk_points/selected */
    ORDER BY marked.rank, point.id
    LIMIT %(most)s::int
)
SELECT
    point.id, chosen.rank, point.number, point.name, point.place, point.owner_kind, point.position, point.demo,
    enterprise.name AS enterprise_name, enterprise.uscc,
    site.number AS site_number, site.name AS site_name, site.address AS site_address,
    ST_X(point.anchor) AS lon, ST_Y(point.anchor) AS lat,
    located.name AS located_name, managing.name AS managed_name,
    point.industries, point.control_level, point.accident_edition, point.accident_categories,
    point.exposed_workers, point.assessed_on, point.next_review, point.next_review < %(today)s::date AS overdue,
    point.recorded_from,
    verdict.score, verdict.method_id, verdict.method_version, verdict.title_zh, verdict.title_en, verdict.assessor,
    event.names AS events, event.consequences,
    measure.texts AS measures, measure.units, measure.persons, measure.levels
FROM chosen
JOIN risk_point AS point USING (id)
JOIN territory AS located ON located.id = point.located_in_id
JOIN territory AS managing ON managing.id = point.managed_by_id
LEFT JOIN enterprise ON enterprise.id = point.enterprise_id
LEFT JOIN site ON site.id = point.site_id
LEFT JOIN LATERAL (
    SELECT latest.score, latest.method_id, latest.method_version, latest.assessor, method.title_zh, method.title_en
    FROM assessment AS latest
    JOIN grading_method AS method ON method.method_id = latest.method_id AND method.version = latest.method_version
    WHERE latest.risk_point_id = point.id AND latest.basis = %(verdict_basis)s::text
    ORDER BY latest.assessed_on DESC, latest.id DESC
    LIMIT 1
) AS verdict ON true
LEFT JOIN LATERAL (
    SELECT array_agg(name ORDER BY sort) AS names, array_agg(consequence ORDER BY sort) AS consequences
    FROM risk_event
    WHERE risk_point_id = point.id
) AS event ON true
LEFT JOIN LATERAL (
    SELECT
        array_agg(held.description ORDER BY held.risk_event_id, held.sort) AS texts,
        array_agg(held.unit ORDER BY held.risk_event_id, held.sort) AS units,
        array_agg(held.person ORDER BY held.risk_event_id, held.sort) AS persons,
        array_agg(held.control_level ORDER BY held.risk_event_id, held.sort) AS levels
    FROM measure AS held
    WHERE held.risk_point_id = point.id
) AS measure ON true
ORDER BY chosen.rank, point.id
