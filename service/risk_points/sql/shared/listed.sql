-- What a list shows of the chosen points.
SELECT
    point.id, point.number, point.name, /* include risk_points/rank */ AS rank,
    point.enterprise_id, enterprise.name AS enterprise_name, point.position,
    ST_X(point.anchor) AS lon, ST_Y(point.anchor) AS lat, point.x5, point.y5,
    territory.key AS territory_key, territory.name AS territory_name,
    point.demo, point.assessed_on, point.next_review, point.next_review < %(today)s::date AS overdue,
    site.number AS site_number, site.name AS site_name,
    point.industries, point.control_level,
    managing.key AS managed_key, managing.name AS managed_name,
    point.accident_edition, point.accident_categories, point.recorded_from,
    chosen.number_key, chosen.text_key, chosen.day_key, chosen.moment_key
FROM chosen
JOIN risk_point AS point USING (id)
JOIN territory ON territory.id = CASE %(view)s::text WHEN 'managed' THEN point.managed_by_id ELSE point.located_in_id END
JOIN territory AS managing ON managing.id = point.managed_by_id
LEFT JOIN enterprise ON enterprise.id = point.enterprise_id
LEFT JOIN site ON site.id = point.site_id
