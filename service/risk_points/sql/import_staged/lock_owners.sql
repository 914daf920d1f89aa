-- Holds the firms of the staged points still until the points wear what they say.
SELECT FROM enterprise WHERE id IN (SELECT enterprise_id FROM staged_risk_point WHERE id IS NULL) ORDER BY id FOR SHARE
