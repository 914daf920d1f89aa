-- One risk point as a form holds it: every field that may be edited, with codes as they are stored.
-- Uses risk_point_pkey, risk_event_sort_unique, measure_sort_unique and assessment_latest.
SELECT point.id, point.version, point.number, point.name, point.place, point.site_id, point.owner_kind,
    CASE WHEN point.enterprise_id IS NOT NULL THEN jsonb_build_object('id', point.enterprise_id,
        'name', enterprise.name, 'uscc', enterprise.uscc) END AS enterprise,
    jsonb_build_object('kind', point.position, 'geometry', ST_AsGeoJSON(point.geom, 9, 0)::jsonb,
        'anchor', CASE WHEN point.anchor IS NOT NULL THEN jsonb_build_array(ST_X(point.anchor), ST_Y(point.anchor)) END,
        'datum', point.source_datum, 'x', point.source_x, 'y', point.source_y) AS position,
    jsonb_build_object('key', located.key, 'name', located.name) AS territory, point.located_stated AS territory_stated,
    jsonb_build_object('key', managing.key, 'name', managing.name) AS managed_by, point.managed_reason,
    point.own_industries AS industries, point.control_level, point.exposed_workers, point.demo,
    point.changed_by, point.recorded_from, events.list AS events, assessments.list AS assessments
FROM risk_point AS point
JOIN territory AS located ON located.id = point.located_in_id
JOIN territory AS managing ON managing.id = point.managed_by_id
LEFT JOIN enterprise ON enterprise.id = point.enterprise_id
CROSS JOIN LATERAL (
    SELECT COALESCE(jsonb_agg(jsonb_build_object('id', event.id, 'name', event.name,
        'accident_edition', event.accident_edition, 'accident_categories', event.accident_categories,
        'consequence', event.consequence, 'measures', (
            SELECT COALESCE(jsonb_agg(jsonb_build_object('kind', kind, 'text', description,
                'control_level', control_level, 'unit', unit, 'person', person) ORDER BY sort), '[]')
            FROM measure WHERE risk_event_id = event.id)) ORDER BY event.sort), '[]') AS list
    FROM risk_event AS event WHERE event.risk_point_id = point.id
) AS events
CROSS JOIN LATERAL (
    SELECT COALESCE(jsonb_object_agg(basis, jsonb_build_object('method', method_id, 'version', method_version,
        'inputs', inputs, 'grade', grade, 'reasons', reasons, 'override_from', override_from,
        'override_reason', override_reason, 'assessor', assessor, 'assessed_on', assessed_on,
        'next_review', next_review)), '{}') AS list
    FROM (SELECT DISTINCT ON (basis) * FROM assessment WHERE risk_point_id = point.id
          ORDER BY basis, assessed_on DESC, id DESC) AS latest
) AS assessments
WHERE point.id = %(id)s::bigint
