-- The selected points of each enterprise that has any.
SELECT point.enterprise_id AS id, /* include lists/measures */
FROM risk_point AS point
CROSS JOIN LATERAL (
    SELECT /* include risk_points/rank */ AS rank
) AS marked
WHERE point.enterprise_id IS NOT NULL AND /* include risk_points/selected */
GROUP BY point.enterprise_id
