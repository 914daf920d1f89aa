-- One page of the list of risk points, from the first of what it is sorted by.
-- Keyset (key, id), so that page 1,000 costs what page 1 costs; relies on risk_point_rank for the order by grade.
WITH chosen AS (
    SELECT point.id, keys.number_key, keys.text_key, keys.day_key, keys.moment_key
    /* include risk_points/sortable */
      AND (%(after_id)s::bigint IS NULL OR CASE %(sort)s::text
           WHEN 'grade' THEN (keys.number_key, point.id) > (%(after_number)s::int, %(after_id)s::bigint)
           WHEN 'assessed_on' THEN (keys.day_key, point.id) > (%(after_day)s::date, %(after_id)s::bigint)
           WHEN 'next_review' THEN (keys.day_key, point.id) > (%(after_day)s::date, %(after_id)s::bigint)
           WHEN 'recorded_from' THEN (keys.moment_key, point.id) > (%(after_moment)s::timestamptz, %(after_id)s::bigint)
           ELSE (keys.text_key, point.id) > (%(after_text)s::text, %(after_id)s::bigint) END)
    ORDER BY keys.number_key, keys.text_key, keys.day_key, keys.moment_key, point.id
    LIMIT %(limit)s::int OFFSET %(offset)s::int
)
/* include risk_points/listed */
ORDER BY chosen.number_key, chosen.text_key, chosen.day_key, chosen.moment_key, point.id
