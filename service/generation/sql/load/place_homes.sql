-- Keeps the places that lie in this city, with their statutory homes.
WITH homes AS (
    SELECT number, (territory_home(pg_temp.spot(lon, lat))).located_in_id FROM given_place
), gone AS (
    DELETE FROM given_place USING homes WHERE given_place.number = homes.number AND homes.located_in_id IS NULL
)
UPDATE given_place SET located_in_id = homes.located_in_id
FROM homes WHERE given_place.number = homes.number AND homes.located_in_id IS NOT NULL
