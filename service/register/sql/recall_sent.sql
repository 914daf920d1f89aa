-- What came of a key that was sent before.
SELECT digest, subject_id FROM sent_once WHERE key = %(key)s::text
