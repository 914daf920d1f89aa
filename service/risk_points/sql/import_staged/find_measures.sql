-- The measures that stand in the places of the staged ones.
UPDATE staged_measure AS staged
SET id = (SELECT id FROM measure WHERE measure.risk_event_id = point.event_id AND measure.sort = staged.sort)
FROM staged_risk_point AS point
WHERE point.item = staged.item AND point.event_id IS NOT NULL
