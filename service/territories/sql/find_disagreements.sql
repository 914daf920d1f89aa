-- Where boundaries about to be written disagree with each other and with those that stay: rivals that overlap, parts
-- beyond their whole. Relies on nothing: it reads the whole tree once, for a command that a person gives.
WITH given AS (
    SELECT key, parent_key, level, name, rivals, indicative, true AS fresh, ST_GeomFromWKB(shape, 4490) AS boundary
    FROM unnest(%(keys)s::text[], %(parent_keys)s::text[], %(levels)s::text[], %(names)s::text[], %(rivals)s::text[],
                %(indicative)s::boolean[], %(shapes)s::bytea[])
        AS feature (key, parent_key, level, name, rivals, indicative, shape)
), staying AS (
    SELECT
        territory.key, parent.key AS parent_key, territory.level, territory.name,
        CASE territory.level WHEN 'functional_zone' THEN 'zones of ' || COALESCE(territory.city_code, parent.key)
                             ELSE COALESCE(parent.key, '') END AS rivals,
        territory.boundary_indicative AS indicative, false AS fresh, territory.boundary
    FROM territory
    LEFT JOIN territory AS parent ON parent.id = territory.parent_id
    WHERE territory.valid_to IS NULL AND territory.boundary IS NOT NULL
      AND territory.key <> ALL (%(keys)s::text[])
), drawn AS MATERIALIZED (
    SELECT *, level NOT IN ('functional_zone', 'zone_town') AS statutory FROM given
    UNION ALL
    SELECT *, level NOT IN ('functional_zone', 'zone_town') FROM staying
), apart AS (
    SELECT 'overlap' AS fault, one.key, one.key AS key_of_part, one.name, other.name AS other,
           ST_Intersection(one.boundary, other.boundary) AS wrong,
           LEAST(ST_Area(one.boundary::geography), ST_Area(other.boundary::geography)) AS whole_m2,
           NOT other.fresh AND (one.indicative OR other.indicative) AND one.statutory AND other.statutory AS coarse
    FROM drawn AS one
    JOIN drawn AS other ON other.rivals = one.rivals AND other.boundary && one.boundary
        AND (NOT other.fresh OR other.key > one.key) AND other.key <> one.key
    WHERE one.fresh
    UNION ALL
    SELECT 'outside', CASE WHEN part.fresh THEN part.key ELSE whole.key END, part.key, part.name, whole.name,
           ST_Difference(part.boundary, whole.boundary),
           ST_Area(part.boundary::geography),
           NOT (part.fresh AND whole.fresh) AND (part.indicative OR whole.indicative) AND whole.statutory
    FROM drawn AS part
    JOIN drawn AS whole ON whole.key = part.parent_key
    WHERE part.fresh OR whole.fresh
), measured AS (
    SELECT *, ST_Area(wrong::geography) AS area_m2, ST_Perimeter(wrong::geography) AS perimeter_m
    FROM (SELECT fault, key, key_of_part, name, other, whole_m2, coarse, ST_CollectionExtract(wrong, 3) AS wrong
          FROM apart) AS area
    WHERE NOT ST_IsEmpty(wrong)
)
SELECT fault, key, name, other, area_m2, 2 * area_m2 / perimeter_m AS width_m, area_m2 / whole_m2 AS share, coarse
FROM measured
WHERE area_m2 > 0 AND perimeter_m > 0
ORDER BY key, fault, key_of_part, other
