-- The territories as features for programs: within or above what the viewer may see by area, industry or enterprise, or
-- whose accounts or audit they keep. They are few: an extent is held against the shapes.
SELECT
    territory.key AS id, territory.boundary AS shape,
    territory.code, territory.name, territory.level, parent.key AS parent, territory.statutory,
    territory.boundary_indicative AS indicative, territory.boundary_source AS source,
    territory.valid_from, territory.valid_to
FROM territory
LEFT JOIN territory AS parent ON parent.id = territory.parent_id
CROSS JOIN (SELECT array_agg(path) AS paths FROM (/* include territories/own */) AS place) AS own
WHERE (territory.path <@ ANY (own.paths) OR territory.path @> ANY (own.paths))
  AND territory.valid_from <= %(today)s::date AND (territory.valid_to IS NULL OR territory.valid_to > %(today)s::date)
  AND (%(west)s::int IS NULL OR (%(west)s::int, %(south)s::int, %(east)s::int, %(north)s::int) IS NOT NULL)
