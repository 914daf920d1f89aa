-- Whether a selection holds a row invented for the demonstration, and the box of its points in degrees.
SELECT COALESCE(bool_or(demo), false) AS demo,
    min(ST_X(anchor)) AS west, min(ST_Y(anchor)) AS south, max(ST_X(anchor)) AS east, max(ST_Y(anchor)) AS north
FROM risk_point AS point
WHERE /* include risk_points/selected */
