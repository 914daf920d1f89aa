-- Registers one site and gives its id.
INSERT INTO site (enterprise_id, number, name, address, geom, area, source_datum, source_x, source_y, located_in_id,
    located_stated, managed_by_id, managed_reason, demo)
VALUES (%(enterprise_id)s::bigint, %(number)s::text, %(name)s::text, %(address)s::text, %(geom)s::text::geometry,
    ST_Multi(%(area)s::text::geometry), %(source_datum)s::text, %(source_x)s::text, %(source_y)s::text,
    %(located_in_id)s::bigint, %(located_stated)s::boolean, %(managed_by_id)s::bigint, %(managed_reason)s::text,
    %(demo)s::boolean)
RETURNING id
