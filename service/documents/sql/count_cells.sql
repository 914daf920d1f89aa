-- The cells of one level that the selection fills or crosses, the worst first, at most so many and one more.
-- The same counts as a tile of the cells layer (cells/sql/tile_cells.sql), for a whole selection instead of a tile.
WITH marked AS (
    SELECT
        coarser(x5, %(fx)s::int) AS x, coarser(y5, %(fy)s::int) AS y, demo, /* include risk_points/rank */ AS rank
    FROM risk_point AS point
    WHERE x5 IS NOT NULL AND /* include risk_points/selected */
), counted AS (
    SELECT
        x, y, bool_or(demo) AS demo, min(rank) AS rank,
        count(*) FILTER (WHERE rank = 1) AS major, count(*) FILTER (WHERE rank = 2) AS large,
        count(*) FILTER (WHERE rank = 3) AS general, count(*) FILTER (WHERE rank = 4) AS low,
        count(*) FILTER (WHERE rank = 5) AS unassessed
    FROM marked
    GROUP BY x, y
), touched AS (
    -- A line or area in a cell other than the one that counts it.
    SELECT DISTINCT coarser(touch.x5, %(fx)s::int) AS x, coarser(touch.y5, %(fy)s::int) AS y, point.id, point.demo,
        /* include risk_points/rank */ AS rank
    FROM risk_point AS point
    JOIN cell_touch AS touch ON touch.risk_point_id = point.id
    WHERE (coarser(touch.x5, %(fx)s::int), coarser(touch.y5, %(fy)s::int))
          <> (coarser(point.x5, %(fx)s::int), coarser(point.y5, %(fy)s::int))
      AND /* include risk_points/selected */
), crossed AS (
    SELECT x, y, bool_or(demo) AS demo, count(*) AS crossing, min(rank) AS rank FROM touched
    GROUP BY x, y
)
SELECT
    beidou_code_of_index(x, y, %(level)s::int) AS code,
    COALESCE(major, 0) AS major, COALESCE(large, 0) AS large, COALESCE(general, 0) AS general,
    COALESCE(low, 0) AS low, COALESCE(unassessed, 0) AS unassessed,
    COALESCE(crossing, 0) AS crossing, crossed.rank AS crossing_rank,
    COALESCE(counted.demo, crossed.demo) AS demo
FROM counted
FULL JOIN crossed USING (x, y)
ORDER BY LEAST(counted.rank, crossed.rank), x, y
LIMIT %(most)s::int + 1
