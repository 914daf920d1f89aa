-- The cells that every line and area meets, anew. Its callers have emptied the table and hold the register still.
INSERT INTO cell_touch (risk_point_id, x5, y5)
SELECT id, touched.x5, touched.y5 FROM risk_point, beidou_cells_touched(geom) AS touched
WHERE ST_Dimension(geom) > 0
