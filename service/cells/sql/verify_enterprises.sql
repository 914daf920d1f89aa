-- Enterprises whose words differ from their names and codes.
SELECT 'words of enterprises' AS part, count(*) AS differences, (array_agg(name ORDER BY id))[1:5] AS examples
FROM enterprise
WHERE search <> words_of(name, uscc)
HAVING count(*) > 0
