-- Removes the measures of an event beyond the places that are kept.
DELETE FROM measure WHERE risk_event_id = %(risk_event_id)s::bigint AND sort > %(kept)s::integer
