-- A person to call at each site; no Chinese landline begins with 0 after the area code.
INSERT INTO site_contact (id, site_id, enterprise_id, role, name, phone, located_in_path, managed_by_path, industry_scopes)
OVERRIDING SYSTEM VALUE
SELECT %(first_contact)s::bigint + serial, site.id, enterprise_id, '安全管理员',
    pg_temp.pick(%(people)s::text[], pg_temp.chance(%(seed)s, 'contact', serial)),
    '0431-0' || lpad((site.id %% 10000000)::text, 7, '0'), located_in_path, managed_by_path, industry_scopes
FROM site JOIN made_site USING (id), LATERAL (SELECT site.id - %(first_site)s::bigint AS serial) AS numbered
