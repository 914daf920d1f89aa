-- The scope of every combination of industries and territories there is, by the register's own function, once each.
INSERT INTO made_scope (industries, located_in_id, managed_by_id, located_in_path, managed_by_path, industry_scopes, city_code)
SELECT combination.*, located.path, managed.path, industry_scopes_of(industries, located.path, managed.path), located.city_code
FROM (
    SELECT industries, located_in_id, managed_by_id FROM made_point
    UNION SELECT industries, located_in_id, managed_by_id FROM made_site
) AS combination
JOIN territory AS located ON located.id = located_in_id
JOIN territory AS managed ON managed.id = managed_by_id
