-- Where the sites lie. One that fell outside the city has no position either, and lies where its place does.
WITH found AS (
    SELECT site.id, placed AND home.located_in_id IS NOT NULL AS placed, place.located_in_id AS place_in,
        home.located_in_id, COALESCE(home.zone_id, home.located_in_id) AS managed_by_id
    FROM made_site AS site JOIN given_place AS place ON place.number = site.place LEFT JOIN made_home AS home ON home.spot = site.id
)
UPDATE made_site AS site SET
    placed = found.placed,
    located_in_id = CASE WHEN found.placed THEN found.located_in_id ELSE place_in END,
    managed_by_id = CASE WHEN found.placed THEN found.managed_by_id ELSE place_in END
FROM found WHERE found.id = site.id
