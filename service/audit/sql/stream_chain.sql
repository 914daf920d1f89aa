-- The chain as it was sealed, and each record as it is now; NULL for one that is gone.
SELECT position, record_id, digest, CASE WHEN record.id IS NOT NULL THEN audit_text(record) END AS text
FROM audit_chain AS chain
LEFT JOIN audit_record AS record ON record.id = chain.record_id
ORDER BY position
