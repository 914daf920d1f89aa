-- Takes events that are to change their place out of the way of each other: a place is held by one event at a time.
UPDATE risk_event SET sort = -id
FROM unnest(%(ids)s::bigint[], %(sorts)s::integer[]) AS wanted (event_id, place)
WHERE risk_event.id = wanted.event_id AND risk_event.risk_point_id = %(risk_point_id)s::bigint
  AND risk_event.sort <> wanted.place
