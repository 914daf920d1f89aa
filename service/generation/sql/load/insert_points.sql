-- Registers the points, with what risk_point_settle, risk_point_words and risk_point_mark would have worked out.
INSERT INTO risk_point (id, owner_kind, enterprise_id, site_id, number, name, place, geom, anchor, position, source_datum,
    source_x, source_y, located_in_id, managed_by_id, own_industries, industries, control_level, accident_edition,
    accident_categories, exposed_workers, grade_inherent, grade_assessed, grade_current, assessed_on, next_review, city_code,
    demo, changed_by, located_in_path, managed_by_path, industry_scopes, search)
OVERRIDING SYSTEM VALUE
SELECT made.id, CASE WHEN firm.id IS NULL THEN 'region' ELSE 'enterprise' END, firm.id, site_id, numbered.number, numbered.name,
    kind.place, geom, anchor, position, CASE WHEN geom IS NOT NULL THEN 'CGCS2000' END,
    CASE WHEN GeometryType(geom) = 'POINT' THEN ST_X(anchor)::text END,
    CASE WHEN GeometryType(geom) = 'POINT' THEN ST_Y(anchor)::text END,
    made.located_in_id, made.managed_by_id, own_industries, made.industries,
    (ARRAY['company', 'company', 'workshop', 'team'])[grade_assessed], %(accidents)s, kind.accidents,
    workers[1] + floor(pg_temp.chance(%(seed)s, 'workers', point) * (workers[2] - workers[1] + 1))::integer,
    grade_inherent, grade_assessed, grade_assessed, assessed_on, next_review, scope.city_code, true, current_writer(),
    located_in_path, managed_by_path, scope.industry_scopes,
    concat_ws(' ', lower(numbered.number), replace(name_words, '{n}', serial), place_words, enterprise.search)
FROM made_point AS made
JOIN given_kind AS kind ON kind.number = made.kind
JOIN made_scope AS scope ON scope.industries = made.industries AND scope.located_in_id = made.located_in_id
    AND scope.managed_by_id = made.managed_by_id
LEFT JOIN made_firm AS firm ON firm.firm = made.firm
LEFT JOIN enterprise ON enterprise.id = firm.id,
    LATERAL (SELECT (%(born_points)s::bigint + point)::text AS serial) AS born,
    LATERAL (SELECT CASE WHEN firm.id IS NULL THEN 'GEN-' || lpad(serial, 8, '0')
            ELSE 'FX-' || lpad((point - first_point + 1)::text, 4, '0') END AS number,
        replace(kind.name, '{n}', serial) AS name) AS numbered
