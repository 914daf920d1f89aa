-- What the register holds, and how many points it has ever held: invented names and numbers go on from there.
SELECT enterprises, risk_points,
    risk_points + (SELECT count(*) FROM risk_point_history WHERE change = 'delete') AS points
FROM (SELECT (SELECT count(*) FROM enterprise) AS enterprises, (SELECT count(*) FROM risk_point) AS risk_points) AS held
