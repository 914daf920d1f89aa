-- The home of every spot, as territory_home() gives it, which would be asked once for each: here each boundary is
-- prepared once and held against all spots. Spots outside the area have none.
WITH ranked AS MATERIALIZED (
    SELECT id, statutory, boundary, row_number() OVER (
        PARTITION BY statutory ORDER BY nlevel(path) DESC, boundary_indicative, id) AS rank
    FROM territory WHERE valid_to IS NULL AND boundary IS NOT NULL AND path <@ %(area)s::ltree
), covering AS (
    SELECT spot, min(rank) FILTER (WHERE statutory) AS statutory, min(rank) FILTER (WHERE NOT statutory) AS zone
    FROM ranked CROSS JOIN LATERAL (
        SELECT spot FROM made_spot WHERE geom && boundary AND ST_Covers(boundary, geom) OFFSET 0) AS covered
    GROUP BY spot
)
INSERT INTO made_home (spot, located_in_id, zone_id)
SELECT spot, home.id, zone.id FROM covering
LEFT JOIN ranked AS home ON home.statutory AND home.rank = covering.statutory
LEFT JOIN ranked AS zone ON NOT zone.statutory AND zone.rank = covering.zone
