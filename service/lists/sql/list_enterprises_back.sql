-- One page of the list of enterprises, from the last of what it is sorted by, with the counts of the selected points.
-- Keyset (number, name, id), over the points grouped once where the order depends on them, whichever page it is. Relies on
-- risk_point_number_unique_in_enterprise for the counts of the page.
WITH /* include lists/firms */, chosen AS (
    SELECT * FROM firm
    WHERE %(after_id)s::bigint IS NULL OR (firm.number_key, firm.text_key, firm.id)
        < (%(after_number)s::float8, %(after_text)s::text, %(after_id)s::bigint)
    ORDER BY firm.number_key DESC, firm.text_key DESC, firm.id DESC
    LIMIT %(limit)s::int OFFSET %(offset)s::int
)
/* include lists/shown */
ORDER BY chosen.number_key DESC, chosen.text_key DESC, chosen.id DESC
