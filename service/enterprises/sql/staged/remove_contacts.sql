-- Removes the contacts that were erased.
DELETE FROM site_contact USING staged_site AS staged
WHERE site_contact.id = staged.contact_id AND staged.contact_name = '' AND staged.contact_phone = ''
