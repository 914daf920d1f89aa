-- Brings the measures that stand in the same place to what is staged.
UPDATE measure
SET kind = staged.kind, description = staged.description, control_level = staged.control_level,
    unit = staged.unit, person = staged.person
FROM staged_measure AS staged JOIN staged_risk_point AS point USING (item)
WHERE measure.risk_point_id = point.id AND measure.sort = staged.sort
  AND measure.risk_event_id = (
    SELECT id FROM risk_event AS event WHERE event.risk_point_id = point.id ORDER BY sort LIMIT 1)
  AND (measure.kind, measure.description, measure.control_level, measure.unit, measure.person)
      IS DISTINCT FROM (staged.kind, staged.description, staged.control_level, staged.unit, staged.person)
