-- The sites of one enterprise, each with its area, who answers for it, its contacts and how many selected points it has.
-- Relies on site_number_unique, which begins with the enterprise, site_contact_site and risk_point_site.
SELECT
    site.id, site.number, site.name, site.address, ST_X(site.geom) AS lon, ST_Y(site.geom) AS lat,
    ST_AsGeoJSON(site.area, 9, 0)::json AS area,
    located.key AS located_key, located.name AS located_name, managing.key AS managed_key, managing.name AS managed_name,
    site.managed_reason, contact.contacts,
    (SELECT count(*) FROM risk_point AS point WHERE point.site_id = site.id AND /* include risk_points/selected */) AS points
FROM site
JOIN territory AS located ON located.id = site.located_in_id
JOIN territory AS managing ON managing.id = site.managed_by_id
CROSS JOIN LATERAL (
    SELECT COALESCE(json_agg(json_build_object('role', role, 'name', name, 'phone', phone) ORDER BY id), '[]') AS contacts
    FROM site_contact WHERE site_id = site.id
) AS contact
WHERE site.enterprise_id = %(id)s::bigint
ORDER BY site.number, site.id
