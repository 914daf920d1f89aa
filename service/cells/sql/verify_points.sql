-- Which points differ from what their sources say, by part; for the owner, who sees every row.
WITH /* include cells/wanted */, /* include cells/different */
SELECT part, count(*) AS differences, (array_agg(number ORDER BY id))[1:5] AS examples
FROM different
GROUP BY part
ORDER BY part
