-- Registers the staged points that are new and tells the staging their ids, by owner and number.
WITH added AS (
    INSERT INTO risk_point (owner_kind, enterprise_id, site_id, number, name, place, geom, source_datum, source_x,
        source_y, located_in_id, located_stated, managed_by_id, managed_reason, own_industries, control_level,
        accident_edition, accident_categories, exposed_workers, demo)
    SELECT CASE WHEN enterprise_id IS NULL THEN 'region' ELSE 'enterprise' END, enterprise_id, site_id, number, name,
        place, geom, source_datum, source_x, source_y, located_in_id, located_stated, managed_by_id, managed_reason,
        own_industries, control_level, accident_edition, accident_categories, exposed_workers, demo
    FROM staged_risk_point WHERE id IS NULL ORDER BY item
    RETURNING id, enterprise_id, number
)
UPDATE staged_risk_point AS staged SET id = added.id FROM added
WHERE staged.id IS NULL AND staged.number = added.number
  AND COALESCE(staged.enterprise_id, 0) = COALESCE(added.enterprise_id, 0)
