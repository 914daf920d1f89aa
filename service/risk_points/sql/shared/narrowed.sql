-- Where few points meet the words and accident categories asked for: their ids, to fetch each by, instead of reading a
-- whole range of cells. What is selected is the same with it and without.
(NOT %(narrow)s::boolean
 OR point.id = ANY ((SELECT risk_points_found(%(words)s::text[], %(accidents)s::text[]))::bigint[]))
