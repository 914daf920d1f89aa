-- The constraints of some tables that look at other rows, to be dropped for a load and made again in this order: unique
-- ones, then foreign keys. Primary keys stay: other tables refer to them.
SELECT conrelid::regclass::text AS table_name, conname AS name, pg_get_constraintdef(oid) AS definition
FROM pg_constraint WHERE contype IN ('u', 'f') AND conrelid::regclass::text = ANY (%(tables)s::text[])
ORDER BY contype DESC, conrelid::regclass::text, conname
