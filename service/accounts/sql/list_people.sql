-- Accounts with their appointments, those that ended too: all that the viewer keeps and their own, or one by its id.
-- Relies on person_pkey, person_unit and appointment_once.
SELECT person.id, login, name, phone, unit_path::text AS unit_path, demo, closed_at, created_at, created_by, version,
    (SELECT COALESCE(jsonb_agg(jsonb_build_object('id', appointment.id, 'role', role, 'area', area::text,
        'industry', industry, 'enterprise', enterprise_id, 'granted_at', granted_at, 'granted_by', granted_by,
        'ended_at', ended_at, 'ended_by', ended_by) ORDER BY appointment.id), '[]')
     FROM appointment WHERE person_id = person.id) AS appointments
FROM person
WHERE %(id)s::bigint IS NULL OR person.id = %(id)s::bigint
ORDER BY closed_at NULLS FIRST, unit_path, login
