-- How bad a point is in the light asked for: 1 重大 to 4 低 as stored, 5 not assessed. Written with CASE throughout:
-- PostgreSQL takes COALESCE for something that could tell of rows out of sight, and keeps it from the index risk_point_rank.
CASE %(basis)s::text
    WHEN 'inherent' THEN CASE WHEN point.grade_inherent IS NULL THEN 5 ELSE point.grade_inherent::integer END
    WHEN 'current' THEN CASE WHEN point.grade_current IS NULL THEN 5 ELSE point.grade_current::integer END
    ELSE CASE WHEN point.grade_assessed IS NULL THEN 5 ELSE point.grade_assessed::integer END END
