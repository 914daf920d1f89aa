-- Adds the contact of a site that has no particular role.
INSERT INTO site_contact (site_id, role, name, phone) VALUES (%(site_id)s::bigint, '', %(name)s::text, %(phone)s::text)
