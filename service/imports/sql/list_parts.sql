-- What the kept slices of an upload looked up and what they saw, in their order.
SELECT part, asked, seen FROM import_part WHERE upload_id = %(upload_id)s::uuid ORDER BY part
