-- The list of risk points opens with the worst: a page of it is a short walk along this index, whichever page it is.
-- The expression is the one of service/risk_points/sql/shared/rank.sql: with COALESCE, which is not counted among what
-- cannot leak, row security would keep the start of a page out of the index.
CREATE INDEX risk_point_rank ON risk_point
    ((CASE WHEN grade_assessed IS NULL THEN 5 ELSE grade_assessed::integer END), id);

-- How places and enterprises are ranked beside their highest grade. Ours, not a standard; a deployment that weighs
-- otherwise adds a row with a later day, and every answer says which one it was made by.
INSERT INTO official_setting (key, valid_from, value, reason) VALUES (
    'ranking_weights', '2016-01-01',
    '{"version": "1", "weights": {"major": 64, "large": 16, "general": 4, "low": 1, "unassessed": 4},
      "workers_at_least": 1}',
    'ours, not a standard: each grade weighs four times the one below it, a point not assessed as much as a general one'
);

-- A number is looked up by its beginning, and the list is sorted by it.
CREATE INDEX risk_point_number ON risk_point (number, id);
