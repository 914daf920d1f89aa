-- Signed column, on level 5 (4 seconds = 8192 units), of the cell that owns a longitude in degrees; NULL outside.
-- Eastward 0, 1, 2, ... from the prime meridian, westward -1, -2, ...; so a coarser column is
-- floor(x5 / factor): level 4 by 15, 3 by 225, 2 by 450, 1 by 5400.
--
-- The antimeridian, +180 as well as -180, belongs to the westernmost column, -162000.
CREATE OR REPLACE FUNCTION public.beidou_x5(lon double precision) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE
        WHEN lon < -180 THEN NULL                    -- greatest() would overlook the NULL of beidou_units
        WHEN lon < 0 THEN greatest(-1 - public.beidou_units(lon) / 8192, -162000)
        ELSE (public.beidou_units(lon) / 8192 + 162000) % 324000 - 162000
    END::integer;
