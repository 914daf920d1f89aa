-- The foreign keys of some tables, to be dropped for a load and made again.
SELECT conrelid::regclass::text AS table_name, conname AS name, pg_get_constraintdef(oid) AS definition
FROM pg_constraint WHERE contype = 'f' AND conrelid::regclass::text = ANY (%(tables)s::text[])
ORDER BY conrelid::regclass::text, conname
