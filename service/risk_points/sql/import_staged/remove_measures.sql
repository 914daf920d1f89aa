-- Removes the measures of the first event that are no longer among the staged ones.
DELETE FROM measure USING staged_risk_point AS point
WHERE point.measures IS NOT NULL AND measure.risk_point_id = point.id
  AND measure.risk_event_id = (
    SELECT id FROM risk_event AS event WHERE event.risk_point_id = point.id ORDER BY sort LIMIT 1)
  AND NOT EXISTS (
    SELECT FROM staged_measure AS staged WHERE staged.item = point.item AND staged.sort = measure.sort)
