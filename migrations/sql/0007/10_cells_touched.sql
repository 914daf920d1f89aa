-- As in 0001, and fine cells are looked at only within the shape's own bounds: of a workshop that is four instead of
-- the 225 of its 1' cell, and a load of areas took most of its time for the others.
CREATE OR REPLACE FUNCTION beidou_cells_touched(shape geometry) RETURNS TABLE (x5 integer, y5 integer)
LANGUAGE sql STABLE AS $$
    WITH bounds AS MATERIALIZED (
        SELECT beidou_x5(ST_XMin(shape)) AS west, beidou_x5(ST_XMax(shape)) AS east,
            beidou_y5(ST_YMin(shape)) AS south, beidou_y5(ST_YMax(shape)) AS north
    ), coarse AS MATERIALIZED (
        SELECT x, y, west, east, south, north FROM bounds,
            generate_series(coarser(west, 15), coarser(east, 15)) AS x,
            generate_series(coarser(south, 15), coarser(north, 15)) AS y
        WHERE ST_Intersects(shape, beidou_cell(x, y, 4))
    )
    SELECT fine_x, fine_y FROM coarse,
        generate_series(GREATEST(x * 15, west), LEAST(x * 15 + 14, east)) AS fine_x,
        generate_series(GREATEST(y * 15, south), LEAST(y * 15 + 14, north)) AS fine_y
    WHERE ST_Intersects(shape, beidou_cell(fine_x, fine_y, 5))
$$;
