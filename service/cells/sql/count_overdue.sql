-- How many points of a selection are due for review.
-- Relies on risk_point_cell, which holds what the filter and the policy read.
SELECT count(*) AS overdue
FROM risk_point AS point
WHERE next_review < %(today)s::date
  AND /* include risk_points/selected */
  AND /* include risk_points/narrowed */
