-- Writes the territories of one depth, new or changed, and tells which, and the window in which borders moved.
-- Relies on territory_key_key. `sparing` leaves alone what another source than the package has drawn.
WITH given AS (
    SELECT
        place, path::ltree AS path, key, parent_key, code, level, name, indicative,
        ST_GeomFromWKB(shape, 4490) AS drawn
    FROM unnest(%(paths)s::text[], %(keys)s::text[], %(parent_keys)s::text[], %(codes)s::text[], %(levels)s::text[],
                %(names)s::text[], %(indicative)s::boolean[], %(shapes)s::bytea[])
        WITH ORDINALITY AS feature (path, key, parent_key, code, level, name, indicative, shape, place)
), mended AS (
    -- A coarse ring may touch itself; PostGIS refuses to work with it, and its area is beyond doubt.
    SELECT *, CASE WHEN ST_IsValid(drawn) THEN drawn
                   ELSE ST_Multi(ST_CollectionExtract(ST_MakeValid(drawn), 3)) END AS boundary
    FROM given
), before AS (
    SELECT territory.key, territory.boundary FROM territory JOIN given USING (key)
), written AS (
    INSERT INTO territory (parent_id, path, code, level, name, boundary, boundary_source, boundary_indicative)
    SELECT parent.id, mended.path, mended.code, mended.level, mended.name, mended.boundary,
           CASE WHEN mended.boundary IS NULL THEN '' ELSE %(source)s::text END, mended.indicative
    FROM mended
    LEFT JOIN territory AS parent ON parent.key = mended.parent_key
    ORDER BY mended.place
    ON CONFLICT (key) DO UPDATE SET
        name = excluded.name, boundary = excluded.boundary, boundary_source = excluded.boundary_source,
        boundary_indicative = excluded.boundary_indicative
    WHERE territory.valid_to IS NULL
      AND (NOT %(sparing)s::boolean OR territory.boundary IS NULL
           OR starts_with(territory.boundary_source, %(package)s::text))
      AND (territory.name, territory.boundary, territory.boundary_source, territory.boundary_indicative)
          IS DISTINCT FROM
          (excluded.name, excluded.boundary, excluded.boundary_source, excluded.boundary_indicative)
    RETURNING key, boundary, xmax = 0 AS added
), moved AS (
    -- Where the old border was and where the new one is: whoever lies there may have another home.
    SELECT written.boundary FROM written LEFT JOIN before USING (key) WHERE written.boundary IS DISTINCT FROM before.boundary
    UNION ALL
    SELECT before.boundary FROM written JOIN before USING (key) WHERE written.boundary IS DISTINCT FROM before.boundary
)
SELECT
    ARRAY(SELECT key FROM written WHERE added ORDER BY key) AS added,
    ARRAY(SELECT key FROM written WHERE NOT added ORDER BY key) AS changed,
    ARRAY(SELECT mended.name FROM written JOIN mended USING (key) WHERE NOT ST_IsValid(mended.drawn) ORDER BY key) AS mended,
    (SELECT ARRAY[min(ST_XMin(boundary)), min(ST_YMin(boundary)), max(ST_XMax(boundary)), max(ST_YMax(boundary))]
     FROM moved HAVING count(boundary) > 0) AS reach
