-- Brings the measures that stand in the same place of an event to what they are to be.
UPDATE measure
SET kind = wanted.kind, description = wanted.description, control_level = wanted.control_level, unit = wanted.unit,
    person = wanted.person
FROM unnest(%(kinds)s::text[], %(descriptions)s::text[], %(control_levels)s::text[], %(units)s::text[],
    %(persons)s::text[]) WITH ORDINALITY AS wanted (kind, description, control_level, unit, person, sort)
WHERE measure.risk_event_id = %(risk_event_id)s::bigint AND measure.sort = wanted.sort
  AND (measure.kind, measure.description, measure.control_level, measure.unit, measure.person)
      IS DISTINCT FROM (wanted.kind, wanted.description, wanted.control_level, wanted.unit, wanted.person)
