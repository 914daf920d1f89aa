-- Adds the contacts of sites that had none.
INSERT INTO site_contact (site_id, role, name, phone)
SELECT id, '', contact_name, contact_phone
FROM staged_site
WHERE contact_id IS NULL AND (contact_name <> '' OR contact_phone <> '')
ORDER BY firm, number
