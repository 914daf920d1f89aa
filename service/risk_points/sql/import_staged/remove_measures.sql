-- Removes the measures of the first event that are no longer among the staged ones.
DELETE FROM measure USING staged_risk_point AS point
WHERE point.measures IS NOT NULL AND NOT point.settled AND measure.risk_event_id = point.event_id
  AND NOT EXISTS (
    SELECT FROM staged_measure AS staged WHERE staged.item = point.item AND staged.sort = measure.sort)
