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
