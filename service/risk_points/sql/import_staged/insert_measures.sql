-- Adds the measures that have no place yet, to the first event of their point.
INSERT INTO measure (risk_point_id, risk_event_id, sort, kind, description, control_level, unit, person)
SELECT point.id, event.id, staged.sort, staged.kind, staged.description, staged.control_level, staged.unit,
    staged.person
FROM staged_measure AS staged JOIN staged_risk_point AS point USING (item)
CROSS JOIN LATERAL (SELECT id FROM risk_event WHERE risk_point_id = point.id ORDER BY sort LIMIT 1) AS event
WHERE NOT EXISTS (SELECT FROM measure WHERE measure.risk_event_id = event.id AND measure.sort = staged.sort)
ORDER BY staged.item, staged.sort
