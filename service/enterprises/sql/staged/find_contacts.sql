-- The contact without a particular role of the sites that are registered already.
UPDATE staged_site AS staged
SET contact_id = (SELECT id FROM site_contact WHERE site_id = staged.id AND role = '' ORDER BY id LIMIT 1)
WHERE staged.id IS NOT NULL
