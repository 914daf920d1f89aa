-- What may happen at each point.
INSERT INTO risk_event (id, risk_point_id, name, accident_edition, accident_categories, consequence, changed_by, enterprise_id,
    located_in_path, managed_by_path, industry_scopes)
OVERRIDING SYSTEM VALUE
SELECT %(first_event)s::bigint + made.point - 1, made.id, kind.event, %(accidents)s, kind.accidents, kind.consequence,
    current_writer(), %(first_enterprise)s::bigint + firm - 1, located_in_path, managed_by_path, industry_scopes
FROM made_point AS made
JOIN given_kind AS kind ON kind.number = made.kind
JOIN made_scope AS scope ON scope.industries = made.industries AND scope.located_in_id = made.located_in_id
    AND scope.managed_by_id = made.managed_by_id
