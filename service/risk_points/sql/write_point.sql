-- Registers one risk point and gives its id. What hangs on its place follows by the table's own triggers.
INSERT INTO risk_point (owner_kind, enterprise_id, site_id, number, name, place, geom, source_datum, source_x,
    source_y, located_in_id, located_stated, managed_by_id, managed_reason, own_industries, control_level,
    accident_edition, accident_categories, exposed_workers, demo)
VALUES (CASE WHEN %(enterprise_id)s::bigint IS NULL THEN 'region' ELSE 'enterprise' END, %(enterprise_id)s::bigint,
    %(site_id)s::bigint, %(number)s::text, %(name)s::text, %(place)s::text, %(geom)s::text::geometry,
    %(source_datum)s::text, %(source_x)s::text, %(source_y)s::text, %(located_in_id)s::bigint,
    %(located_stated)s::boolean, %(managed_by_id)s::bigint, %(managed_reason)s::text, %(own_industries)s::text[],
    %(control_level)s::text, %(accident_edition)s::text, %(accident_categories)s::text[], %(exposed_workers)s::integer,
    %(demo)s::boolean)
RETURNING id
