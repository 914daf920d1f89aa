-- Brings the measures that stand in the same place to what is staged.
UPDATE measure
SET kind = staged.kind, description = staged.description, control_level = staged.control_level,
    unit = staged.unit, person = staged.person
FROM staged_measure AS staged
WHERE measure.id = staged.id
  AND (measure.kind, measure.description, measure.control_level, measure.unit, measure.person)
      IS DISTINCT FROM (staged.kind, staged.description, staged.control_level, staged.unit, staged.person)
