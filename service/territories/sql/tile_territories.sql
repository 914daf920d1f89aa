-- One tile of the territories layer: each territory of the wanted levels that meets it, whole, within or above what the
-- viewer may see by area, industry or enterprise, or whose accounts or audit they keep. Relies on territory_boundary_gist.
WITH own AS (
    SELECT array_agg(path) AS paths
    FROM (
        /* include territories/own */
    ) AS place
), tile AS (
    SELECT ST_TileEnvelope(%(z)s::int, %(x)s::int, %(y)s::int) AS envelope,
           ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4490) AS reach
), feature AS (
    SELECT
        territory.id,
        -- Only snapped, vertex by vertex, to the tile's units: a vertex that neighbours share goes to one place for
        -- both. Simplifying first would treat each alone and tear them apart (seen at zooms 7 and 8).
        ST_AsMVTGeom(ST_Transform(territory.boundary, 3857), envelope, 4096, 0, false) AS geom,
        territory.key, territory.code, territory.name, territory.level,
        territory.boundary_indicative AS indicative
    FROM tile
    JOIN territory ON territory.boundary && tile.reach
    WHERE territory.valid_to IS NULL
      AND (territory.level = ANY (%(levels)s::text[]) OR nlevel(territory.path) = 2 AND 'province' = ANY (%(levels)s::text[]))
      AND ST_Intersects(territory.boundary, tile.reach)
      AND (territory.path <@ ANY ((SELECT paths FROM own)::ltree[]) OR territory.path @> ANY ((SELECT paths FROM own)::ltree[]))
)
SELECT
    -- Parts lie on top of their whole: the wanted levels come highest first.
    ST_AsMVT(feature, 'territories', 4096, 'geom', 'id'
             ORDER BY array_position(%(levels)s::text[], feature.level), feature.id) AS tile
FROM feature
WHERE geom IS NOT NULL
