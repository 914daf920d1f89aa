-- The lines and areas that cross a cell (a range of level-5 cells) and are counted in another.
-- Relies on cell_touch_cell.
SELECT DISTINCT touch.risk_point_id AS id
FROM cell_touch AS touch
JOIN risk_point AS point ON point.id = touch.risk_point_id
WHERE touch.x5 BETWEEN %(x0)s::int AND %(x1)s::int AND touch.y5 BETWEEN %(y0)s::int AND %(y1)s::int
  AND NOT (point.x5 BETWEEN %(x0)s::int AND %(x1)s::int AND point.y5 BETWEEN %(y0)s::int AND %(y1)s::int)
ORDER BY id
