-- The statutory territories below an area that nothing lies below, with some positions inside each.
SELECT leaf.key, ST_X(place.geom) AS lon, ST_Y(place.geom) AS lat
FROM territory AS leaf, LATERAL ST_Dump(ST_GeneratePoints(leaf.boundary, %(places)s::integer, %(seed)s::integer)) AS place
WHERE leaf.path <@ %(area)s::ltree AND leaf.statutory AND leaf.valid_to IS NULL AND leaf.boundary IS NOT NULL
  AND NOT EXISTS (SELECT FROM territory AS part WHERE part.parent_id = leaf.id AND part.statutory AND part.valid_to IS NULL)
ORDER BY leaf.id, place.path
