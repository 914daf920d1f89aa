-- One risk point beyond its list row: geometry, site, numbers as given, who answers for it, industries.
SELECT
    ST_AsGeoJSON(point.geom, 9, 0)::json AS geometry,
    point.place, point.owner_kind, point.version, point.control_level, point.exposed_workers, point.major_hazard_level,
    point.source_datum, point.source_x, point.source_y, point.located_stated, point.managed_reason,
    point.grade_current, point.recorded_from, point.changed_by,
    managing.key AS managed_key, managing.name AS managed_name,
    site.id AS site_id, site.number AS site_number, site.name AS site_name, site.address AS site_address,
    enterprise.uscc,
    point.accident_edition, point.accident_categories,
    point.industries
FROM risk_point AS point
JOIN territory AS managing ON managing.id = point.managed_by_id
LEFT JOIN site ON site.id = point.site_id
LEFT JOIN enterprise ON enterprise.id = point.enterprise_id
WHERE point.id = %(id)s
