-- Which enterprises have one of these credit codes or one of these names, names as rules.name_key compares them.
-- Codes use enterprise_uscc_unique; names are compared along one scan, whatever their number.
SELECT id, uscc, name, key.name_key, industries, economy_code, employees, home_territory_id, demo
FROM enterprise
CROSS JOIN LATERAL (SELECT regexp_replace(normalize(name, NFKC), '\s+', '', 'g') AS name_key) AS key
WHERE uscc IN (SELECT unnest(%(usccs)s::text[]))
   OR cardinality(%(names)s::text[]) > 0 AND key.name_key IN (SELECT unnest(%(names)s::text[]))
ORDER BY id
