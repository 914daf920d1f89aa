-- How many enterprises a list has.
WITH /* include lists/firms */
SELECT count(*) AS total FROM firm
