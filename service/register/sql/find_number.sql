-- The risk point that has a number at its owner (an enterprise, NULL for the region), and where it is.
-- Uses risk_point_number_unique_in_enterprise and risk_point_number_unique_in_region.
SELECT point.id, point.name, territory.name AS territory
FROM risk_point AS point JOIN territory ON territory.id = point.located_in_id
WHERE point.number = %(number)s::text
  AND CASE WHEN %(enterprise_id)s::bigint IS NULL THEN point.enterprise_id IS NULL
           ELSE point.enterprise_id = %(enterprise_id)s::bigint END
