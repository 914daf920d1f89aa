-- How many firms and points the register has ever held: invented names and numbers go on from there.
SELECT (SELECT count(*) FROM enterprise) AS enterprises,
    (SELECT count(*) FROM risk_point) + (SELECT count(*) FROM risk_point_history WHERE change = 'delete') AS points
