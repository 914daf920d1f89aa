-- One tile of the cells layer of level 4 or coarser, as tile_cells, from the stored counts and the deltas not yet folded.
-- Only for the viewers and filters that stored_counts_serve names (service/cells/queries.py).
-- Relies on cell_stat_one_row. What crosses coarser cells is no sum of what crosses finer ones: it is looked up.
WITH stored AS (
    SELECT coarser(x4, %(fx)s::int / 15) AS x, coarser(y4, %(fy)s::int / 15) AS y, rank, demo, n, crossing
    FROM cell_stat AS stat
    WHERE x4 BETWEEN coarser(%(x0)s::int, 15) AND coarser(%(x1)s::int, 15)
      AND y4 BETWEEN coarser(%(y0)s::int, 15) AND coarser(%(y1)s::int, 15)
      AND /* include cells/stored */
    UNION ALL
    SELECT coarser(x4, %(fx)s::int / 15), coarser(y4, %(fy)s::int / 15), rank, demo, n, crossing
    FROM cell_stat_delta AS stat
    WHERE x4 BETWEEN coarser(%(x0)s::int, 15) AND coarser(%(x1)s::int, 15)
      AND y4 BETWEEN coarser(%(y0)s::int, 15) AND coarser(%(y1)s::int, 15)
      AND /* include cells/stored */
), ranked AS (
    -- A delta may take away what the stored row gives: sums first, then whether anything is left.
    SELECT x, y, rank, demo, sum(n) AS n, sum(crossing) AS crossing FROM stored GROUP BY x, y, rank, demo
), counted AS (
    SELECT
        x, y, bool_or(demo) AS demo, min(rank) AS rank, sum(n)::bigint AS total,
        COALESCE(sum(n) FILTER (WHERE rank = 1), 0)::bigint AS major,
        COALESCE(sum(n) FILTER (WHERE rank = 2), 0)::bigint AS large,
        COALESCE(sum(n) FILTER (WHERE rank = 3), 0)::bigint AS general,
        COALESCE(sum(n) FILTER (WHERE rank = 4), 0)::bigint AS low,
        COALESCE(sum(n) FILTER (WHERE rank = 5), 0)::bigint AS unassessed
    FROM ranked
    WHERE n > 0
    GROUP BY x, y
), /* include cells/crossed */, crossed AS (
    SELECT x, y, bool_or(demo) AS demo, sum(crossing)::bigint AS crossing, min(rank) AS rank FROM ranked
    WHERE crossing > 0 AND %(level)s::int = 4
    GROUP BY x, y
    UNION ALL
    SELECT x, y, bool_or(demo), count(*), min(rank) FROM touched
    WHERE %(level)s::int < 4
    GROUP BY x, y
), /* include cells/feature */
