-- The sites of these enterprises, each with its position and the contact that has no particular role.
-- Uses site_number_unique, which begins with the enterprise, and site_contact_site.
SELECT site.id, site.enterprise_id, site.number, site.name, site.address,
       ST_AsHEXEWKB(site.geom, 'NDR') AS geom, ST_X(site.geom) AS lon, ST_Y(site.geom) AS lat,
       site.source_datum, site.source_x, site.source_y,
       site.located_in_id, site.located_stated, site.managed_by_id, site.managed_reason, site.demo,
       COALESCE(contact.name, '') AS contact_name, COALESCE(contact.phone, '') AS contact_phone
FROM site
LEFT JOIN LATERAL (
    SELECT name, phone FROM site_contact WHERE site_id = site.id AND role = '' ORDER BY id LIMIT 1
) AS contact ON true
WHERE site.enterprise_id = ANY (%(enterprise_ids)s::bigint[])
ORDER BY site.enterprise_id, site.id
