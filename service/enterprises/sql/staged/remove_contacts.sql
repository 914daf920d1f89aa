-- Removes the contacts that were erased.
DELETE FROM site_contact USING staged_site AS staged
WHERE site_contact.site_id = staged.id AND site_contact.role = ''
  AND staged.contact_name = '' AND staged.contact_phone = ''
