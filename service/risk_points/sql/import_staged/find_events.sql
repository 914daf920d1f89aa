-- The first event of the points that are registered already.
UPDATE staged_risk_point AS staged
SET event_id = (SELECT id FROM risk_event WHERE risk_point_id = staged.id ORDER BY sort LIMIT 1)
WHERE staged.id IS NOT NULL
