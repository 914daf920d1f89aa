-- Brings registered points to what is staged. The anchor, the territories of an inherited position and the cells follow
-- by the table's own triggers.
UPDATE risk_point
SET site_id = staged.site_id, name = staged.name, place = staged.place, geom = staged.geom,
    source_datum = staged.source_datum, source_x = staged.source_x, source_y = staged.source_y,
    located_in_id = staged.located_in_id, located_stated = staged.located_stated,
    managed_by_id = staged.managed_by_id, managed_reason = staged.managed_reason,
    own_industries = staged.own_industries, control_level = staged.control_level,
    accident_edition = staged.accident_edition, accident_categories = staged.accident_categories,
    exposed_workers = staged.exposed_workers
FROM staged_risk_point AS staged
WHERE risk_point.id = staged.id AND staged.changed
