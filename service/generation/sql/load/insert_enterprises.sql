-- Registers the firms, with what enterprise_settle and enterprise_words would have worked out.
WITH paths AS (
    SELECT firm, array_agg(DISTINCT path ORDER BY path) AS scope_paths
    FROM (
        SELECT firm, path FROM made_site JOIN territory ON territory.id IN (located_in_id, managed_by_id)
    ) AS site
    GROUP BY firm
), scoped AS (
    SELECT industries, scope_paths, industry_scopes_of(industries, VARIADIC scope_paths) AS industry_scopes
    FROM (SELECT DISTINCT industries, scope_paths FROM made_firm JOIN paths USING (firm)) AS combination
)
INSERT INTO enterprise (id, uscc, name, initials, industries, economy_code, employees, home_territory_id, city_code, demo,
    changed_by, scope_paths, industry_scopes, search)
OVERRIDING SYSTEM VALUE
SELECT made.id, uscc, made.name, spelling.initials || 'ys' || substring(made.name FROM '[0-9]+'), made.industries, NULLIF(trade.economy, ''),
    trade.employees[1] + floor(pg_temp.chance(%(seed)s, 'employees', made.firm)
        * (trade.employees[2] - trade.employees[1] + 1))::integer,
    home.id, home.city_code, true, current_writer(), paths.scope_paths, scoped.industry_scopes, words_of(made.name, uscc)
FROM made_firm AS made
JOIN given_spelling AS spelling ON spelling.called = made.called
JOIN given_trade AS trade ON trade.number = made.trade
JOIN made_site AS site ON site.id = made.first_site
JOIN territory AS home ON home.id = site.located_in_id
JOIN paths ON paths.firm = made.firm
JOIN scoped ON scoped.industries = made.industries AND scoped.scope_paths = paths.scope_paths
