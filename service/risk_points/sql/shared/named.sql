-- Whose a point is and where, by name.
JOIN territory AS located ON located.id = point.located_in_id
JOIN territory AS managing ON managing.id = point.managed_by_id
LEFT JOIN enterprise ON enterprise.id = point.enterprise_id
LEFT JOIN site ON site.id = point.site_id
