-- Which enterprises have a site exactly on one of these positions (hexadecimal EWKB, SRID 4490).
SELECT DISTINCT ST_AsHEXEWKB(site.geom, 'NDR') AS geom, enterprise.id, enterprise.name
FROM site JOIN enterprise ON enterprise.id = site.enterprise_id
WHERE site.geom IN (SELECT DISTINCT unnest(%(geoms)s::text[])::geometry)
ORDER BY 1, 2
