-- How many risk points of an enterprise the viewer sees.
SELECT count(*)::int AS points FROM risk_point WHERE enterprise_id = %(id)s::bigint
