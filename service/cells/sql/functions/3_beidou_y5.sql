-- Signed row, on level 5 (4 seconds = 8192 units), of the cell that owns a latitude in degrees;
-- NULL from 88 degrees on, where the standard has a polar scheme that is not supported.
-- Northward 0, 1, 2, ... from the equator, southward -1, -2, ...; so a coarser row is
-- floor(y5 / factor): level 4 by 15, 3 by 150, 2 by 450, 1 by 3600.
--
-- nullif: a double just below 88 may round to 88 itself, row 79200, which does not exist.
CREATE OR REPLACE FUNCTION public.beidou_y5(lat double precision) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE
        WHEN lat <= -88 OR lat >= 88 THEN NULL
        WHEN lat < 0 THEN -1 - nullif(public.beidou_units(lat) / 8192, 79200)
        ELSE nullif(public.beidou_units(lat) / 8192, 79200)
    END::integer;
