-- The statutory territory that covers a position, and the functional zone if one does: names, NULL where none is loaded.
SELECT located.name AS located_name, zone.name AS zone_name
FROM territory_home(ST_SetSRID(ST_MakePoint(%(lon)s::float8, %(lat)s::float8), 4490)) AS home
LEFT JOIN territory AS located ON located.id = home.located_in_id
LEFT JOIN territory AS zone ON zone.id = home.zone_id
