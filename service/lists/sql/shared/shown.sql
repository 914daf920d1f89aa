-- What a list shows of the chosen enterprises.
SELECT
    enterprise.id, enterprise.uscc, enterprise.name, territory.key AS territory_key, territory.name AS territory_name,
    enterprise.industries, enterprise.demo,
    (SELECT count(*) FROM site WHERE site.enterprise_id = enterprise.id) AS sites,
    counted.rank, COALESCE(counted.major, 0) AS major, COALESCE(counted.large, 0) AS large, COALESCE(counted.general, 0) AS general,
    COALESCE(counted.low, 0) AS low, COALESCE(counted.unassessed, 0) AS unassessed, COALESCE(counted.total, 0) AS total,
    COALESCE(counted.overdue, 0) AS overdue, COALESCE(counted.to_locate, 0) AS to_locate,
    COALESCE(counted.exposed_workers, 0) AS exposed_workers, chosen.area_km2, chosen.density,
    chosen.number_key, chosen.text_key
FROM chosen
JOIN enterprise USING (id)
JOIN territory ON territory.id = enterprise.home_territory_id
LEFT JOIN counted ON counted.id = enterprise.id
