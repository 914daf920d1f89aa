-- The shares of places within each setting, added up.
INSERT INTO made_setting (setting, places, ends)
SELECT setting, array_agg(number ORDER BY number), array_agg(reached ORDER BY number)
FROM (
    SELECT setting, number, sum(weight) OVER (PARTITION BY setting ORDER BY number)
        / sum(weight) OVER (PARTITION BY setting) AS reached FROM given_place
) AS place
GROUP BY setting
