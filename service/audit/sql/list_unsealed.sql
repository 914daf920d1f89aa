-- Records that stand in no chain, and whether they wait to be put there.
SELECT record.id, unsealed.record_id IS NOT NULL AS waiting
FROM audit_record AS record
LEFT JOIN audit_unsealed AS unsealed ON unsealed.record_id = record.id
WHERE NOT EXISTS (SELECT FROM audit_chain WHERE audit_chain.record_id = record.id)
ORDER BY record.id
