-- The points of a cell by their assessed grades.
        min(CASE WHEN point.grade_assessed IS NULL THEN 5 ELSE point.grade_assessed::integer END) AS rank,
        count(*) FILTER (WHERE point.grade_assessed = 1) AS major, count(*) FILTER (WHERE point.grade_assessed = 2) AS large,
        count(*) FILTER (WHERE point.grade_assessed = 3) AS general, count(*) FILTER (WHERE point.grade_assessed = 4) AS low,
        count(*) FILTER (WHERE point.grade_assessed IS NULL) AS unassessed, count(*) AS total, bool_or(point.demo) AS demo
