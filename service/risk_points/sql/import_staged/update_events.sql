-- Brings the first event of registered points to what is staged.
UPDATE risk_event
SET name = staged.name, accident_edition = staged.accident_edition,
    accident_categories = staged.accident_categories, consequence = staged.consequence
FROM staged_event AS staged JOIN staged_risk_point AS point USING (item)
WHERE staged.name IS NOT NULL AND risk_event.risk_point_id = point.id
  AND risk_event.sort = (SELECT min(sort) FROM risk_event AS event WHERE event.risk_point_id = point.id)
