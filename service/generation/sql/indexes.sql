-- The indexes of some tables that no constraint rests on, to be dropped for a load and made again.
SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition
FROM pg_index WHERE indrelid::regclass::text = ANY (%(tables)s::text[])
  AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
ORDER BY indexrelid::regclass::text
