-- How many rows each ready-made list of risk points has. A list overrides the part of the filter that it is about, and
-- keeps the others: the major risks of a filter for low grades are still counted, those of its overdue reviews only.
WITH marked AS (
    SELECT
        /* include risk_points/rank */ AS rank,
        COALESCE(point.next_review < %(today)s::date, false) AS late,
        point.position <> 'own' AS unplaced,
        %(asked_overdue)s::boolean IS NULL
            OR COALESCE(point.next_review < %(today)s::date, false) = %(asked_overdue)s::boolean AS by_review,
        %(asked_positions)s::text[] IS NULL OR point.position = ANY (%(asked_positions)s::text[]) AS by_position
    FROM risk_point AS point
    WHERE /* include risk_points/selected */
), asked AS (
    SELECT *, %(asked_grades)s::int[] IS NULL OR rank = ANY (%(asked_grades)s::int[]) AS by_grade FROM marked
)
SELECT
    count(*) FILTER (WHERE rank = 1 AND by_review AND by_position) AS major_risks,
    count(*) FILTER (WHERE late AND by_grade AND by_position) AS overdue_reviews,
    count(*) FILTER (WHERE unplaced AND by_grade AND by_review) AS to_be_located
FROM asked
