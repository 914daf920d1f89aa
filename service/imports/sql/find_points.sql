-- What stands of these risk points: the point, its first event with its measures, and all its assessments, the latest
-- first. The ids are known beforehand: right after an import the planner takes the tables for empty, and a join that
-- still had to find them would read all that hangs on every point.
-- Uses risk_point_pkey, risk_event_sort_unique, measure_sort_unique and assessment_latest.
SELECT point.id, point.enterprise_id, point.site_id, point.number, point.name, point.place,
       ST_AsHEXEWKB(point.geom, 'NDR') AS geom,
       CASE WHEN ST_Dimension(point.geom) = 0 THEN ST_X(point.geom) END AS lon,
       CASE WHEN ST_Dimension(point.geom) = 0 THEN ST_Y(point.geom) END AS lat,
       CASE WHEN ST_Dimension(point.geom) > 0 THEN ST_AsText(point.geom, 7) END AS wkt,
       point.source_datum, point.source_x, point.source_y, point.located_in_id, point.located_stated,
       point.managed_by_id, point.managed_reason, point.own_industries, point.control_level,
       point.accident_edition, point.accident_categories, point.exposed_workers, point.demo,
       to_jsonb(event) AS event, measures.list AS measures, assessments.list AS assessments
FROM risk_point AS point
LEFT JOIN LATERAL (
    SELECT id, name, accident_edition, accident_categories, consequence
    FROM risk_event WHERE risk_point_id = point.id ORDER BY sort LIMIT 1
) AS event ON true
CROSS JOIN LATERAL (
    SELECT COALESCE(jsonb_agg(jsonb_build_object('kind', kind, 'description', description, 'control_level',
        control_level, 'unit', unit, 'person', person) ORDER BY sort), '[]') AS list
    FROM measure WHERE risk_event_id = event.id
) AS measures
CROSS JOIN LATERAL (
    SELECT COALESCE(jsonb_agg(jsonb_build_object('basis', basis, 'method_id', method_id, 'method_version',
        method_version, 'inputs', inputs, 'grade', grade, 'override_reason', override_reason, 'assessor', assessor,
        'assessed_on', assessed_on, 'next_review', next_review) ORDER BY assessed_on DESC, id DESC), '[]') AS list
    FROM assessment WHERE risk_point_id = point.id
) AS assessments
WHERE point.id = ANY (%(ids)s::bigint[])
ORDER BY point.id
