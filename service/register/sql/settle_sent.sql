-- Writes down which row came of a key, and forgets keys that nobody will send again.
WITH old AS (DELETE FROM sent_once WHERE sent_at < now() - make_interval(days => %(days)s::integer))
UPDATE sent_once SET subject_id = %(subject_id)s::bigint WHERE key = %(key)s::text
