-- Where few points meet the words and accident categories asked for: where they lie, to fetch each, instead of reading a
-- whole range of cells. What is selected is the same with it and without.
(NOT %(narrow)s::boolean
 OR point.ctid = ANY ((SELECT risk_points_found(%(words)s::text[], %(accidents)s::text[]))::tid[]))
