-- What keeps it from happening: a measure at every point, a second one at half of them.
INSERT INTO measure (risk_point_id, risk_event_id, sort, kind, description, control_level, unit, person, changed_by,
    enterprise_id, located_in_path, managed_by_path, industry_scopes)
SELECT point.id, %(first_event)s::bigint + made.point - 1, sort, measure_kinds[turn], measures[turn], control_level,
    COALESCE(NULLIF(kind.unit, ''), '安全环保部'),
    pg_temp.pick(%(people)s::text[], pg_temp.chance(%(seed)s, 'person', made.point)), current_writer(), point.enterprise_id,
    located_in_path, managed_by_path, industry_scopes
FROM made_point AS made
JOIN given_kind AS kind ON kind.number = made.kind
JOIN risk_point AS point ON point.id = made.id,
    generate_series(1, LEAST(1 + (made.point %% 2)::integer, cardinality(measures))) AS sort,
    LATERAL (SELECT 1 + ((made.point + sort) %% cardinality(measures))::integer AS turn) AS chosen
ORDER BY made.id, sort
