-- Registers the new points that have a position of their own or none, as they are to stand, by sets.
SELECT risk_points_insert_settled()
