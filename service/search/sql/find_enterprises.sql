-- Enterprises by words of name or credit code, the beginning of the credit code, or the first letters of the name's pinyin;
-- what begins with the text before what holds it. Each with its worst assessed point and the middle of its sites.
-- Relies on risk_point_number_unique_in_enterprise and site_number_unique for the few that are shown.
WITH found AS (
    SELECT
        id,
        CASE WHEN uscc LIKE %(code)s::text OR words_of(name) LIKE %(beginning)s::text THEN 1
             WHEN lower(initials) LIKE %(initials)s::text THEN 2 ELSE 3 END AS nearness,
        char_length(name) AS length
    FROM enterprise
    WHERE search LIKE ALL (%(words)s::text[])
       OR uscc LIKE %(code)s::text
       OR lower(initials) LIKE %(initials)s::text
    ORDER BY nearness, length, id
    LIMIT %(limit)s::int
)
SELECT
    enterprise.id, enterprise.name, enterprise.uscc, territory.name AS territory_name, mark.rank,
    ST_X(ground.middle) AS lon, ST_Y(ground.middle) AS lat,
    ST_XMin(ground.extent) AS west, ST_YMin(ground.extent) AS south, ST_XMax(ground.extent) AS east,
    ST_YMax(ground.extent) AS north
FROM found
JOIN enterprise USING (id)
JOIN territory ON territory.id = enterprise.home_territory_id
CROSS JOIN LATERAL (
    SELECT min(COALESCE(grade_assessed, 5)) AS rank FROM risk_point WHERE enterprise_id = enterprise.id
) AS mark
CROSS JOIN LATERAL (
    SELECT ST_Centroid(ST_Collect(geom)) AS middle, ST_Extent(COALESCE(area, geom)) AS extent
    FROM site WHERE enterprise_id = enterprise.id AND geom IS NOT NULL
) AS ground
ORDER BY found.nearness, found.length, enterprise.id
