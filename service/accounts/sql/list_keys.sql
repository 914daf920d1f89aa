-- A person's keys, or the keys that are links, the newest first. Their secrets are nowhere.
-- Relies on api_key_person.
SELECT api_key.id, api_key.name, prefix, area::text AS area, address, writes, api_key.created_at, expires_at, revoked_at,
    (SELECT used_at FROM api_key_use WHERE key_id = api_key.id) AS used_at
FROM api_key JOIN person ON person.id = person_id
WHERE login = %(login)s::text AND (address IS NOT NULL) = %(links)s::boolean
ORDER BY api_key.id DESC
