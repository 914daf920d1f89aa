-- The enterprises that one may mean by these words or by the first letters of a name; the best known first.
-- Uses enterprise_name_trgm no more than a scan of the viewer's enterprises does; there are thousands, not millions.
SELECT id, uscc, name FROM enterprise
WHERE search LIKE ALL (%(words)s::text[]) OR initials LIKE %(initials)s::text
ORDER BY length(name), id LIMIT %(limit)s::integer
