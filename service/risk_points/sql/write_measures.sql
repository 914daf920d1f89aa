-- Adds the measures of an event for which no place is taken yet.
INSERT INTO measure (risk_point_id, risk_event_id, sort, kind, description, control_level, unit, person)
SELECT %(risk_point_id)s::bigint, %(risk_event_id)s::bigint, wanted.sort, wanted.kind, wanted.description,
    wanted.control_level, wanted.unit, wanted.person
FROM unnest(%(kinds)s::text[], %(descriptions)s::text[], %(control_levels)s::text[], %(units)s::text[],
    %(persons)s::text[]) WITH ORDINALITY AS wanted (kind, description, control_level, unit, person, sort)
WHERE wanted.sort > (SELECT count(*) FROM measure WHERE measure.risk_event_id = %(risk_event_id)s::bigint)
ORDER BY wanted.sort
