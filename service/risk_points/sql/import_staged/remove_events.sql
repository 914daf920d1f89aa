-- Removes the first event of the points whose event was erased; its measures go with it.
DELETE FROM risk_event USING staged_event AS staged JOIN staged_risk_point AS point USING (item)
WHERE staged.name IS NULL AND risk_event.risk_point_id = point.id
  AND risk_event.sort = (SELECT min(sort) FROM risk_event AS event WHERE event.risk_point_id = point.id)
