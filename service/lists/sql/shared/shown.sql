-- What a list shows of the chosen enterprises, with how many it has in all.
SELECT
    enterprise.id, enterprise.uscc, enterprise.name, territory.key AS territory_key, territory.name AS territory_name,
    enterprise.industries, enterprise.demo,
    (SELECT count(*) FROM site WHERE site.enterprise_id = enterprise.id) AS sites,
    of_firm.total, of_firm.rank, of_firm.major, of_firm.large, of_firm.general, of_firm.low, of_firm.unassessed,
    of_firm.overdue, of_firm.to_locate, of_firm.exposed_workers,
    chosen.area_km2, of_firm.weighted / chosen.area_km2 AS density,
    chosen.number_key, chosen.text_key, (SELECT count(*) FROM firm) AS whole
FROM chosen
JOIN enterprise ON enterprise.id = chosen.id
JOIN territory ON territory.id = enterprise.home_territory_id
CROSS JOIN LATERAL (
    SELECT /* include lists/measures */
    FROM risk_point AS point
    CROSS JOIN LATERAL (
        SELECT /* include risk_points/rank */ AS rank
    ) AS marked
    WHERE point.enterprise_id = enterprise.id AND /* include risk_points/selected */
) AS of_firm
