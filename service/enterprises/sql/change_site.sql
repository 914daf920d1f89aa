-- Brings one registered site to what it is to be; points without a position of their own follow it. The area is left
-- alone unless it is said to change.
UPDATE site
SET number = %(number)s::text, name = %(name)s::text, address = %(address)s::text, geom = %(geom)s::text::geometry,
    area = CASE WHEN %(reshaped)s::boolean THEN ST_Multi(%(area)s::text::geometry) ELSE area END,
    source_datum = %(source_datum)s::text, source_x = %(source_x)s::text, source_y = %(source_y)s::text,
    located_in_id = %(located_in_id)s::bigint, located_stated = %(located_stated)s::boolean,
    managed_by_id = %(managed_by_id)s::bigint, managed_reason = %(managed_reason)s::text
WHERE id = %(id)s::bigint
RETURNING id
