-- Notes a key for the first time and gives it back; nothing where it is known. A second sender of one key waits here.
INSERT INTO sent_once (person, key, digest) VALUES (viewer_person(), %(key)s::text, %(digest)s::text)
ON CONFLICT DO NOTHING RETURNING key
