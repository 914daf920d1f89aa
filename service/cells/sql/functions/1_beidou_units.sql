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
