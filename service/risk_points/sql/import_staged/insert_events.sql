-- Adds the first event of the points that have none, and tells the staging their ids.
WITH added AS (
    INSERT INTO risk_event (risk_point_id, sort, name, accident_edition, accident_categories, consequence)
    SELECT point.id, 1, staged.name, staged.accident_edition, staged.accident_categories, staged.consequence
    FROM staged_event AS staged JOIN staged_risk_point AS point USING (item)
    WHERE staged.name IS NOT NULL AND point.event_id IS NULL
    ORDER BY item
    RETURNING id, risk_point_id
)
UPDATE staged_risk_point AS point SET event_id = added.id FROM added WHERE point.id = added.risk_point_id
