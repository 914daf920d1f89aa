-- Removes the contact of a site that has no particular role.
DELETE FROM site_contact WHERE site_id = %(site_id)s::bigint AND role = ''
