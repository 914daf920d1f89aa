-- A digest of the versions of all reference rows that an import is judged by: a row that is changed, added or removed is
-- another version. xmin names who wrote a version and ctid where it lies; a table that was rewritten (VACUUM FULL, a
-- restored dump) only looks changed.
SELECT md5(string_agg(version, ',' ORDER BY version)) AS stamp
FROM (
    SELECT format('territory %%s %%s', xmin, ctid) AS version FROM territory
    UNION ALL SELECT format('code %%s %%s', xmin, ctid) FROM code_entry
    UNION ALL SELECT format('mapping %%s %%s', xmin, ctid) FROM code_mapping
    UNION ALL SELECT format('method %%s %%s', xmin, ctid) FROM grading_method
) AS reference
