-- Rectangle (SRID 4490) of the cell with a signed column and row on level 1 to 5; NULL outside the grid and for any
-- other level. Each edge is the double nearest to the exact one, so cells that share an edge share its numbers.
--
-- The arrays hold the cell's size in seconds, by level.
CREATE OR REPLACE FUNCTION public.beidou_cell(x integer, y integer, level integer) RETURNS geometry(Polygon, 4490)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE
        WHEN x::bigint * (ARRAY[21600, 1800, 900, 60, 4])[level] BETWEEN -648000 AND 647999
         AND y::bigint * (ARRAY[14400, 1800, 600, 60, 4])[level] BETWEEN -316800 AND 316799
        THEN ST_MakeEnvelope(
            x::bigint * (ARRAY[21600, 1800, 900, 60, 4])[level] / 3600::double precision,
            y::bigint * (ARRAY[14400, 1800, 600, 60, 4])[level] / 3600::double precision,
            (x::bigint + 1) * (ARRAY[21600, 1800, 900, 60, 4])[level] / 3600::double precision,
            (y::bigint + 1) * (ARRAY[14400, 1800, 600, 60, 4])[level] / 3600::double precision,
            4490
        )
    END;
