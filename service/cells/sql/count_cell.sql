-- Counts by grade of one cell (a range of level-5 cells), with its freshness.
-- Relies on risk_point_cell.
WITH marked AS (
    SELECT recorded_from, next_review,
        COALESCE(CASE %(basis)s::text
            WHEN 'inherent' THEN grade_inherent WHEN 'current' THEN grade_current ELSE grade_assessed END, 5) AS rank
    FROM risk_point
    WHERE x5 BETWEEN %(x0)s::int AND %(x1)s::int AND y5 BETWEEN %(y0)s::int AND %(y1)s::int
      AND (%(area)s::ltree IS NULL
           OR CASE %(view)s::text WHEN 'managed' THEN managed_by_path ELSE located_in_path END <@ %(area)s::ltree)
)
SELECT
    count(*) AS total,
    count(*) FILTER (WHERE rank = 1) AS major, count(*) FILTER (WHERE rank = 2) AS large,
    count(*) FILTER (WHERE rank = 3) AS general, count(*) FILTER (WHERE rank = 4) AS low,
    count(*) FILTER (WHERE rank = 5) AS unassessed,
    count(*) FILTER (WHERE next_review < %(today)s::date) AS overdue,
    max(recorded_from) AS last_recorded_at
FROM marked
WHERE %(grades)s::int[] IS NULL OR rank = ANY (%(grades)s::int[])
