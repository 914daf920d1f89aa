-- The points of a selection with what a list may be sorted by: one of the keys is a column, the others fold to NULL when
-- the statement is planned, and an index whose leading column is that key gives the order without a sort.
FROM risk_point AS point
LEFT JOIN enterprise ON enterprise.id = point.enterprise_id AND %(sort)s::text = 'enterprise'
CROSS JOIN LATERAL (
    SELECT
        CASE %(sort)s::text WHEN 'grade' THEN /* include risk_points/rank */ END AS number_key,
        CASE %(sort)s::text
            WHEN 'name' THEN point.name
            WHEN 'number' THEN point.number
            -- The last character there is: a region's own points follow those of all enterprises.
            WHEN 'enterprise' THEN COALESCE(enterprise.name, chr(1114111)) END AS text_key,
        CASE %(sort)s::text
            WHEN 'assessed_on' THEN COALESCE(point.assessed_on, '9999-12-31'::date)
            WHEN 'next_review' THEN COALESCE(point.next_review, '9999-12-31'::date) END AS day_key,
        CASE %(sort)s::text WHEN 'recorded_from' THEN point.recorded_from END AS moment_key
) AS keys
WHERE /* include risk_points/selected */
