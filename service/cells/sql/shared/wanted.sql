wanted AS (
    -- What triggers keep of a point, worked out anew from its sources. The anchor of a line or area may have been given.
    SELECT point.id, point.number, placed.anchor, home.located_in_id, home.managed_by_id,
        located.path AS located_in_path, managed.path AS managed_by_path,
        COALESCE(point.own_industries, firm.industries, '{}') AS industries,
        inherent.grade AS grade_inherent, assessed.grade AS grade_assessed, assessed.assessed_on, assessed.next_review,
        LEAST(assessed.grade, (SELECT min(grade) FROM aggravation WHERE risk_point_id = point.id)) AS grade_current,
        words_of(point.number, point.name, point.place,
            CASE WHEN firm.id IS NOT NULL THEN words_of(firm.name, firm.uscc) END) AS search
    FROM risk_point AS point
    LEFT JOIN enterprise AS firm ON firm.id = point.enterprise_id
    LEFT JOIN site AS host ON host.id = point.site_id
    CROSS JOIN LATERAL (SELECT CASE
        WHEN point.geom IS NULL THEN host.geom
        WHEN GeometryType(point.geom) = 'POINT' THEN point.geom
        ELSE COALESCE(point.anchor, ST_PointOnSurface(point.geom)) END AS anchor) AS placed
    LEFT JOIN LATERAL territory_home(placed.anchor) AS covering ON point.position = 'own'
    CROSS JOIN LATERAL (SELECT CASE
        WHEN point.position = 'inherited' THEN host.located_in_id
        WHEN point.position = 'own' AND NOT point.located_stated THEN COALESCE(covering.located_in_id, point.located_in_id)
        ELSE point.located_in_id END AS located_in_id) AS settled
    CROSS JOIN LATERAL (SELECT settled.located_in_id, CASE
        WHEN point.managed_reason IS NOT NULL THEN point.managed_by_id
        WHEN point.position = 'inherited' THEN host.managed_by_id
        WHEN point.position = 'own' THEN COALESCE(covering.zone_id, settled.located_in_id)
        ELSE point.managed_by_id END AS managed_by_id) AS home
    LEFT JOIN territory AS located ON located.id = home.located_in_id
    LEFT JOIN territory AS managed ON managed.id = home.managed_by_id
    LEFT JOIN LATERAL (SELECT grade FROM assessment WHERE risk_point_id = point.id AND basis = 'inherent'
        ORDER BY assessed_on DESC, id DESC LIMIT 1) AS inherent ON true
    LEFT JOIN LATERAL (SELECT grade, assessed_on, next_review FROM assessment
        WHERE risk_point_id = point.id AND basis = 'assessed'
        ORDER BY assessed_on DESC, id DESC LIMIT 1) AS assessed ON true
)
