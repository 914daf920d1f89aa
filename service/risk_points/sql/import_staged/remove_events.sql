-- Removes the first event of the points whose event was erased; its measures go with it.
DELETE FROM risk_event USING staged_event AS staged JOIN staged_risk_point AS point USING (item)
WHERE staged.name IS NULL AND risk_event.id = point.event_id
