-- Sites have their homes now: room for the points.
WITH spots AS (DELETE FROM made_spot) DELETE FROM made_home
