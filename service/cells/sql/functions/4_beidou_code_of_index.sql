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
