different AS (
    SELECT wanted.*, compared.part
    FROM wanted
    JOIN risk_point AS point USING (id)
    CROSS JOIN LATERAL (VALUES
        ('territory', (point.located_in_id, point.located_in_path)
            IS DISTINCT FROM (wanted.located_in_id, wanted.located_in_path)),
        ('managing node', (point.managed_by_id, point.managed_by_path)
            IS DISTINCT FROM (wanted.managed_by_id, wanted.managed_by_path)),
        ('anchor', ST_AsBinary(point.anchor) IS DISTINCT FROM ST_AsBinary(wanted.anchor)),
        ('cell', (point.x5, point.y5)
            IS DISTINCT FROM (beidou_x5(ST_X(wanted.anchor)), beidou_y5(ST_Y(wanted.anchor)))),
        ('industries', point.industries <> wanted.industries),
        ('grades', (point.grade_inherent, point.grade_assessed, point.grade_current, point.assessed_on, point.next_review)
            IS DISTINCT FROM (wanted.grade_inherent, wanted.grade_assessed, wanted.grade_current, wanted.assessed_on,
                              wanted.next_review)),
        ('words', point.search <> wanted.search)
    ) AS compared (part, differs)
    WHERE compared.differs
)
