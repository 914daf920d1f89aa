-- Adds the measures that have no place yet, to the first event of their point.
INSERT INTO measure (risk_point_id, risk_event_id, sort, kind, description, control_level, unit, person)
SELECT point.id, point.event_id, staged.sort, staged.kind, staged.description, staged.control_level, staged.unit,
    staged.person
FROM staged_measure AS staged JOIN staged_risk_point AS point USING (item)
WHERE staged.id IS NULL
ORDER BY staged.item, staged.sort
