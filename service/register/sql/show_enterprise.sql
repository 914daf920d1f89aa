-- One enterprise as a form holds it, with its sites and the contact of each that has no particular role.
-- Uses enterprise_pkey, site_number_unique and site_contact_site.
SELECT enterprise.id, enterprise.version, enterprise.uscc, enterprise.name, enterprise.industries,
    enterprise.economy_code, enterprise.employees, enterprise.demo, enterprise.changed_by, enterprise.recorded_from,
    sites.list AS sites
FROM enterprise
CROSS JOIN LATERAL (
    SELECT COALESCE(jsonb_agg(jsonb_build_object('id', site.id, 'version', site.version, 'number', site.number,
        'name', site.name, 'address', site.address,
        'position', CASE WHEN site.geom IS NOT NULL THEN jsonb_build_array(ST_X(site.geom), ST_Y(site.geom)) END,
        'datum', site.source_datum, 'x', site.source_x, 'y', site.source_y,
        'area', ST_AsGeoJSON(site.area, 9, 0)::jsonb,
        'territory', jsonb_build_object('key', located.key, 'name', located.name),
        'territory_stated', site.located_stated,
        'contact', COALESCE(contact.name, ''), 'phone', COALESCE(contact.phone, '')) ORDER BY site.id), '[]') AS list
    FROM site JOIN territory AS located ON located.id = site.located_in_id
    LEFT JOIN LATERAL (
        SELECT name, phone FROM site_contact WHERE site_id = site.id AND role = '' ORDER BY id LIMIT 1
    ) AS contact ON true
    WHERE site.enterprise_id = enterprise.id
) AS sites
WHERE enterprise.id = %(id)s::bigint
