-- Counts by grade of one cell (a range of level-5 cells), with its freshness.
-- Relies on risk_point_cell.
WITH marked AS (
    SELECT recorded_from, next_review, /* include risk_points/rank */ AS rank
    FROM risk_point AS point
    WHERE x5 BETWEEN %(x0)s::int AND %(x1)s::int AND y5 BETWEEN %(y0)s::int AND %(y1)s::int
      AND /* include risk_points/selected */
)
SELECT
    count(*) AS total,
    count(*) FILTER (WHERE rank = 1) AS major, count(*) FILTER (WHERE rank = 2) AS large,
    count(*) FILTER (WHERE rank = 3) AS general, count(*) FILTER (WHERE rank = 4) AS low,
    count(*) FILTER (WHERE rank = 5) AS unassessed,
    count(*) FILTER (WHERE next_review < %(today)s::date) AS overdue,
    max(recorded_from) AS last_recorded_at
FROM marked
