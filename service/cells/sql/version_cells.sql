-- A number that is equal only while nothing changed in a range of level-4 cells, whoever asks: no row leaks through it.
-- Relies on the primary key of cell_version and on cell_version_delta_cell.
SELECT (COALESCE(sum(token), 0) %% 9007199254740992)::bigint AS token
FROM (
    SELECT token FROM cell_version
    WHERE x4 BETWEEN %(x0)s::int AND %(x1)s::int AND y4 BETWEEN %(y0)s::int AND %(y1)s::int
    UNION ALL
    SELECT token FROM cell_version_delta
    WHERE x4 BETWEEN %(x0)s::int AND %(x1)s::int AND y4 BETWEEN %(y0)s::int AND %(y1)s::int
) AS change
