"""The audit: reading it, sealing it, proving it.

Tables: audit_record, audit_chain, audit_unsealed. Records are written by triggers and by `service.base.audit.note`, each in the
transaction of what it records (docs/decisions/0016).
"""
