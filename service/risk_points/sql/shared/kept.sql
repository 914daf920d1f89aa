-- What the register and its history both keep of a point.
    point.id, point.geom, point.anchor, point.number, point.name, point.place, point.owner_kind, point.enterprise_id,
    point.site_id, point.position, point.grade_assessed, point.grade_inherent, point.grade_current, point.assessed_on,
    point.next_review, point.industries, point.accident_categories, point.accident_edition, point.control_level,
    point.exposed_workers, point.located_in_id, point.managed_by_id, point.x5, point.y5, point.wide, point.demo,
    point.version, point.recorded_from
