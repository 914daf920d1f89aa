-- The edition in force of each code list: the youngest that has begun.
SELECT DISTINCT ON (list_id) list_id, edition FROM code_entry
WHERE valid_from <= %(day)s::date ORDER BY list_id, valid_from DESC, edition
