-- What a feature says of a point. Grades are words on the wire, as in the tiles.
-- Names are looked up one by one: so they are after a page's rows are chosen, and only where somebody asks for them.
    point.number, point.name, point.place, point.owner_kind,
    point.enterprise_id,
    (SELECT named.name FROM enterprise AS named WHERE named.id = point.enterprise_id) AS enterprise,
    (SELECT named.uscc FROM enterprise AS named WHERE named.id = point.enterprise_id) AS uscc,
    point.site_id,
    (SELECT named.name FROM site AS named WHERE named.id = point.site_id) AS site,
    (SELECT named.address FROM site AS named WHERE named.id = point.site_id) AS address,
    point.position,
    CASE WHEN point.grade_assessed IS NULL THEN 'unassessed'
        ELSE (ARRAY['major', 'large', 'general', 'low'])[point.grade_assessed] END AS grade,
    CASE WHEN point.grade_inherent IS NULL THEN 'unassessed'
        ELSE (ARRAY['major', 'large', 'general', 'low'])[point.grade_inherent] END AS grade_inherent,
    CASE WHEN point.grade_current IS NULL THEN 'unassessed'
        ELSE (ARRAY['major', 'large', 'general', 'low'])[point.grade_current] END AS grade_current,
    point.assessed_on, point.next_review, COALESCE(point.next_review < %(today)s::date, false) AS overdue,
    point.industries, point.accident_categories, point.accident_edition, point.control_level, point.exposed_workers,
    (SELECT named.key FROM territory AS named WHERE named.id = point.located_in_id) AS territory,
    (SELECT named.name FROM territory AS named WHERE named.id = point.located_in_id) AS territory_name,
    (SELECT named.key FROM territory AS named WHERE named.id = point.managed_by_id) AS managed_by,
    (SELECT named.name FROM territory AS named WHERE named.id = point.managed_by_id) AS managed_by_name,
    beidou_code_of_index(point.x5, point.y5, 5) AS cell,
    point.demo, point.version, point.recorded_from
