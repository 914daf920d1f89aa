-- How bad a point is in the light asked for: 1 重大 to 4 低 as stored, 5 not assessed.
COALESCE(CASE %(basis)s::text
    WHEN 'inherent' THEN point.grade_inherent WHEN 'current' THEN point.grade_current ELSE point.grade_assessed END, 5)
