-- How many enterprises a list has, and whether any is a demonstration.
WITH /* include lists/firms */
SELECT count(*) AS whole, COALESCE(bool_or(demo), false) AS demo FROM firm
