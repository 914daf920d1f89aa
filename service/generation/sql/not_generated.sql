-- Whether the register holds a row that is no demonstration.
SELECT EXISTS (SELECT FROM enterprise WHERE NOT demo) OR EXISTS (SELECT FROM site WHERE NOT demo)
    OR EXISTS (SELECT FROM risk_point WHERE NOT demo) AS real
