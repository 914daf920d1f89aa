-- Adds the first event of the points that have none.
INSERT INTO risk_event (risk_point_id, sort, name, accident_edition, accident_categories, consequence)
SELECT point.id, 1, staged.name, staged.accident_edition, staged.accident_categories, staged.consequence
FROM staged_event AS staged JOIN staged_risk_point AS point USING (item)
WHERE staged.name IS NOT NULL
  AND NOT EXISTS (SELECT FROM risk_event AS event WHERE event.risk_point_id = point.id)
ORDER BY item
