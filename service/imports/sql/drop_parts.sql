-- Lets go of what was kept of an upload.
DELETE FROM import_part WHERE upload_id = %(upload_id)s::uuid
