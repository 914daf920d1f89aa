-- Lines and areas that reach beyond one level-4 cell: few, and all that can cross a cell of level 4 or coarser. The others
-- touch fine cells by the hundred thousand, and a tile of a whole city read all of those.
CREATE FUNCTION reaches_beyond_cell(shape geometry, anchor geometry) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN COALESCE(
    coarser(beidou_x5(LEAST(ST_XMin(shape), ST_X(anchor))), 15) <> coarser(beidou_x5(GREATEST(ST_XMax(shape), ST_X(anchor))), 15)
    OR coarser(beidou_y5(LEAST(ST_YMin(shape), ST_Y(anchor))), 15) <> coarser(beidou_y5(GREATEST(ST_YMax(shape), ST_Y(anchor))), 15),
    false);
ALTER TABLE risk_point ADD COLUMN wide boolean NOT NULL GENERATED ALWAYS AS (reaches_beyond_cell(geom, anchor)) STORED;
ALTER TABLE risk_point_history ADD COLUMN wide boolean;
CREATE INDEX risk_point_wide ON risk_point (id) INCLUDE (enterprise_id, located_in_path, managed_by_path, industry_scopes) WHERE wide;
