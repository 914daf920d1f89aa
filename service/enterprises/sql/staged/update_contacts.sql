-- Brings the contacts without a particular role to what is staged.
UPDATE site_contact SET name = staged.contact_name, phone = staged.contact_phone
FROM staged_site AS staged
WHERE site_contact.id = staged.contact_id AND staged.contact_name IS NOT NULL
  AND (site_contact.name, site_contact.phone) IS DISTINCT FROM (staged.contact_name, staged.contact_phone)
