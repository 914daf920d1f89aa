-- Whole units of 1/2048 second between zero and a longitude or latitude in degrees, the sign dropped;
-- NULL for NULL, NaN and anything beyond 180 degrees. GB/T 39409-2020; the Python twin is geo/cells.py.
--
-- The multiplication comes before the rounding, in numeric: a whole-second coordinate stored as a double that is
-- a hair too small keeps the cell whose edge it is. Rounded degrees, or bare doubles, would leave it.
--
-- How the functions of this folder are made (their numbers are the order of creation):
--   * Nothing depends on search_path, which is empty while pg_restore fills generated columns. SQL bodies have the
--     standard form (RETURN ...), bound at creation; PL/pgSQL bodies, bound at run time, qualify what is ours.
--   * One-expression functions are SQL and not STRICT, although NULL gives NULL: the planner inlines a STRICT
--     function only if its body has no CASE, and a call that is not inlined costs ten times as much.
CREATE OR REPLACE FUNCTION public.beidou_units(degrees double precision) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE
        WHEN abs(degrees) <= 180 THEN floor(round(abs(degrees)::numeric * 7372800, 3))::bigint
    END;
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
-- Code of the cell with a signed column and row on level 1 to 5; NULL outside the grid and for any other level.
--
-- "#" is exclusive or. i >> 31 is 0 for i >= 0 and -1 below, so i # (i >> 31) is i or -(i + 1): the distance from
-- the origin, in which the digits of every hemisphere count. Carried to level 5 and written out whole, the code is
-- cut to the length of its level, for a code begins with the codes of its parents.
--
-- PL/pgSQL, because its expression needs k and m ten times: as a sub-select in SQL it was measured ten times slower.
CREATE OR REPLACE FUNCTION public.beidou_code_of_index(x integer, y integer, level integer) RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT
AS $$
DECLARE
    k bigint := (x # (x >> 31))::bigint * (ARRAY[5400, 450, 225, 15, 1])[level];
    m bigint := (y # (y >> 31))::bigint * (ARRAY[3600, 450, 150, 15, 1])[level];
BEGIN
    IF k >= 162000 OR m >= 79200 THEN
        RETURN NULL;
    END IF;
    RETURN left(
        CASE WHEN y < 0 THEN 'S' ELSE 'N' END
        || lpad((31 + (k / 5400 # (x >> 31)))::text, 2, '0')    -- level 1: column 01 to 60,
        || chr((ascii('A') + m / 3600)::integer)                --          row A to V
        || upper(
            to_hex(k % 5400 / 450) || m % 3600 / 450            -- level 2: 30 minutes
            || 2 * (m % 450 / 150) + k % 450 / 225              -- level 3: 15 by 10 minutes, Z order
            || to_hex(k % 225 / 15) || m % 150 / 15             -- level 4: 1 minute
            || to_hex(k % 15) || to_hex(m % 15)                 -- level 5: 4 seconds
        ),
        (ARRAY[4, 6, 7, 9, 11])[level]
    );
END
$$;
-- Code, on level 1 to 10, of the cell that owns a longitude and latitude in degrees (CGCS2000);
-- NULL outside the grid and for any other level.
--
-- x and y are the units left inside the level-5 cell. The antimeridian takes the last unit of the westernmost cell.
CREATE OR REPLACE FUNCTION public.beidou_code(lon double precision, lat double precision, level integer) RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT
AS $$
DECLARE
    x bigint := least(public.beidou_units(lon), 1327103999) % 8192;
    y bigint := public.beidou_units(lat) % 8192;
BEGIN
    RETURN left(
        public.beidou_code_of_index(public.beidou_x5(lon), public.beidou_y5(lat), 5)
        || 2 * (y / 4096) + x / 4096            -- level 6: 2 seconds, Z order
        || x / 512 % 8 || y / 512 % 8           -- level 7: 1/4 second
        || x / 64 % 8 || y / 64 % 8             -- level 8: 1/32 second
        || x / 8 % 8 || y / 8 % 8               -- level 9: 1/256 second
        || x % 8 || y % 8,                      -- level 10: 1/2048 second
        (ARRAY[4, 6, 7, 9, 11, 12, 14, 16, 18, 20])[level]
    );
END
$$;
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
