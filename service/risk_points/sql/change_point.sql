-- Brings one registered point to what it is to be, its owner and number included; its version goes up by one.
UPDATE risk_point
SET owner_kind = CASE WHEN %(enterprise_id)s::bigint IS NULL THEN 'region' ELSE 'enterprise' END,
    enterprise_id = %(enterprise_id)s::bigint, site_id = %(site_id)s::bigint, number = %(number)s::text,
    name = %(name)s::text, place = %(place)s::text, geom = %(geom)s::text::geometry,
    source_datum = %(source_datum)s::text, source_x = %(source_x)s::text, source_y = %(source_y)s::text,
    located_in_id = %(located_in_id)s::bigint, located_stated = %(located_stated)s::boolean,
    managed_by_id = %(managed_by_id)s::bigint, managed_reason = %(managed_reason)s::text,
    own_industries = %(own_industries)s::text[], control_level = %(control_level)s::text,
    accident_edition = %(accident_edition)s::text, accident_categories = %(accident_categories)s::text[],
    exposed_workers = %(exposed_workers)s::integer
WHERE id = %(id)s::bigint
RETURNING id
