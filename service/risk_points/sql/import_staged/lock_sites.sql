-- Holds the sites of the staged points still until the points stand where they stand.
SELECT FROM site WHERE id IN (SELECT site_id FROM staged_risk_point WHERE id IS NULL) ORDER BY id FOR SHARE
