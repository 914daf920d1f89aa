-- Brings the first event of registered points to what is staged.
UPDATE risk_event
SET name = staged.name, accident_edition = staged.accident_edition,
    accident_categories = staged.accident_categories, consequence = staged.consequence
FROM staged_event AS staged JOIN staged_risk_point AS point USING (item)
WHERE staged.name IS NOT NULL AND NOT point.settled AND risk_event.id = point.event_id
