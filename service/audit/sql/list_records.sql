-- One page of the records that an auditor may read, the latest first.
-- Relies on the primary key, audit_record_person, audit_record_subject and audit_record_at.
SELECT record.id, at, person, address, request_id, action, subject, subject_ids, subject_count, before, after, details,
    ARRAY(SELECT unnest(areas)::text) AS areas, position
FROM audit_record AS record
LEFT JOIN audit_chain ON record_id = record.id
WHERE (%(before_id)s::bigint IS NULL OR record.id < %(before_id)s::bigint)
  AND (%(person)s::text IS NULL OR person = %(person)s::text)
  AND (%(action)s::text IS NULL OR action = %(action)s::text)
  AND (%(subject)s::text IS NULL OR subject = %(subject)s::text)
  AND (%(subject_id)s::bigint IS NULL OR %(subject_id)s::bigint = ANY (subject_ids))
  AND (%(since)s::timestamptz IS NULL OR at >= %(since)s::timestamptz)
  AND (%(until)s::timestamptz IS NULL OR at < %(until)s::timestamptz)
ORDER BY record.id DESC
LIMIT %(limit)s::int
