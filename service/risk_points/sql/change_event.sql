-- Brings one event to what it is to be; one that says the same already is not touched.
UPDATE risk_event
SET sort = %(sort)s::integer, name = %(name)s::text, accident_edition = %(accident_edition)s::text,
    accident_categories = %(accident_categories)s::text[], consequence = %(consequence)s::text
WHERE id = %(id)s::bigint AND risk_point_id = %(risk_point_id)s::bigint
  AND (sort, name, accident_edition, accident_categories, consequence)
      IS DISTINCT FROM (%(sort)s::integer, %(name)s::text, %(accident_edition)s::text,
      %(accident_categories)s::text[], %(consequence)s::text)
