-- What keeps it from happening: a measure at every point, a second one at half of them.
INSERT INTO measure (id, risk_point_id, risk_event_id, sort, kind, description, control_level, unit, person, changed_by,
    enterprise_id, located_in_path, managed_by_path, industry_scopes)
OVERRIDING SYSTEM VALUE
SELECT %(first_measure)s::bigint + 2 * (point - 1) + sort - 1, made.id, %(first_event)s::bigint + point - 1, sort,
    measure_kinds[turn], measures[turn], (ARRAY['company', 'company', 'workshop', 'team'])[grade_assessed],
    COALESCE(NULLIF(kind.unit, ''), '安全环保部'),
    pg_temp.pick(%(people)s::text[], pg_temp.chance(%(seed)s, 'person', point)), current_writer(),
    %(first_enterprise)s::bigint + firm - 1, located_in_path, managed_by_path, industry_scopes
FROM made_point AS made
JOIN given_kind AS kind ON kind.number = made.kind
JOIN made_scope AS scope ON scope.industries = made.industries AND scope.located_in_id = made.located_in_id
    AND scope.managed_by_id = made.managed_by_id,
    generate_series(1, LEAST(1 + (point %% 2)::integer, cardinality(measures))) AS sort,
    LATERAL (SELECT 1 + ((point + sort) %% cardinality(measures))::integer AS turn) AS chosen
