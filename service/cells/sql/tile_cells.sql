-- One tile of the cells layer: each cell that meets the tile, whole, with its counts by grade and what crosses it.
-- Relies on risk_point_cell and cell_touch_cell. It counts the register; tile_cells_stored draws the common views.
WITH marked AS (
    SELECT
        coarser(x5, %(fx)s::int) AS x, coarser(y5, %(fy)s::int) AS y, demo, /* include risk_points/rank */ AS rank
    FROM risk_point AS point
    WHERE x5 BETWEEN %(x0)s::int AND %(x1)s::int AND y5 BETWEEN %(y0)s::int AND %(y1)s::int
      AND /* include risk_points/selected */
      AND /* include risk_points/narrowed */
), counted AS (
    SELECT
        x, y, bool_or(demo) AS demo, min(rank) AS rank, count(*) AS total,
        count(*) FILTER (WHERE rank = 1) AS major, count(*) FILTER (WHERE rank = 2) AS large,
        count(*) FILTER (WHERE rank = 3) AS general, count(*) FILTER (WHERE rank = 4) AS low,
        count(*) FILTER (WHERE rank = 5) AS unassessed
    FROM marked
    GROUP BY x, y
), /* include cells/crossed */, crossed AS (
    SELECT x, y, bool_or(demo) AS demo, count(*) AS crossing, min(rank) AS rank FROM touched
    GROUP BY x, y
), /* include cells/feature */
