-- What a feature says of a point. Grades are words on the wire, as in the tiles.
    point.number, point.name, point.place, point.owner_kind,
    point.enterprise_id, enterprise.name AS enterprise, enterprise.uscc, point.site_id, site.name AS site, site.address,
    point.position,
    CASE WHEN point.grade_assessed IS NULL THEN 'unassessed'
        ELSE (ARRAY['major', 'large', 'general', 'low'])[point.grade_assessed] END AS grade,
    CASE WHEN point.grade_inherent IS NULL THEN 'unassessed'
        ELSE (ARRAY['major', 'large', 'general', 'low'])[point.grade_inherent] END AS grade_inherent,
    CASE WHEN point.grade_current IS NULL THEN 'unassessed'
        ELSE (ARRAY['major', 'large', 'general', 'low'])[point.grade_current] END AS grade_current,
    point.assessed_on, point.next_review, COALESCE(point.next_review < %(today)s::date, false) AS overdue,
    point.industries, point.accident_categories, point.accident_edition, point.control_level, point.exposed_workers,
    located.key AS territory, located.name AS territory_name,
    managing.key AS managed_by, managing.name AS managed_by_name,
    beidou_code_of_index(point.x5, point.y5, 5) AS cell,
    point.demo, point.version, point.recorded_from
