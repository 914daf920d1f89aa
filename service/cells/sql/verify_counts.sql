-- Stored counts, deltas added, that differ from the register.
WITH stored AS (
    SELECT x4, y4, slice, basis, rank, demo, located_in_path, managed_by_path, sum(n) AS n,
        sum(inherited) AS inherited, sum(crossing) AS crossing
    FROM (TABLE cell_stat UNION ALL TABLE cell_stat_delta) AS part
    GROUP BY x4, y4, slice, basis, rank, demo, located_in_path, managed_by_path
    HAVING sum(n) <> 0 OR sum(inherited) <> 0 OR sum(crossing) <> 0
), live AS (
    SELECT x4, y4, slice, basis, rank, demo, located_in_path, managed_by_path, n, inherited, crossing FROM cell_stat_live
), different AS (
    (TABLE stored EXCEPT TABLE live) UNION ALL (TABLE live EXCEPT TABLE stored)
), cell AS (
    SELECT DISTINCT x4, y4 FROM different
)
SELECT 'counts' AS part, count(*) AS differences,
    (array_agg(COALESCE(beidou_code_of_index(x4, y4, 4), '-') ORDER BY x4, y4))[1:5] AS examples
FROM cell
HAVING count(*) > 0
