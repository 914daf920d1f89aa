-- Adds one event to a point and gives its id.
INSERT INTO risk_event (risk_point_id, sort, name, accident_edition, accident_categories, consequence)
VALUES (%(risk_point_id)s::bigint, %(sort)s::integer, %(name)s::text, %(accident_edition)s::text,
    %(accident_categories)s::text[], %(consequence)s::text)
RETURNING id
