-- Adds the contacts of sites that had none.
INSERT INTO site_contact (site_id, role, name, phone)
SELECT staged.id, '', staged.contact_name, staged.contact_phone
FROM staged_site AS staged
WHERE (staged.contact_name <> '' OR staged.contact_phone <> '')
  AND NOT EXISTS (SELECT FROM site_contact WHERE site_contact.site_id = staged.id AND site_contact.role = '')
