-- Which risk points have these owners and numbers; no owner is the region.
-- Uses risk_point_number_unique_in_enterprise and risk_point_number_unique_in_region.
SELECT owned.id
FROM unnest(%(enterprise_ids)s::bigint[], %(numbers)s::text[]) AS given (enterprise_id, number)
JOIN risk_point AS owned ON owned.enterprise_id = given.enterprise_id AND owned.number = given.number
UNION
SELECT regional.id
FROM unnest(%(enterprise_ids)s::bigint[], %(numbers)s::text[]) AS given (enterprise_id, number)
JOIN risk_point AS regional ON regional.enterprise_id IS NULL AND regional.number = given.number
WHERE given.enterprise_id IS NULL
