-- When something about a risk point began or ended to be the record, the latest first: the point, its events, measures
-- and gradings. Uses the indexes by risk point of each table and of its history.
SELECT moment FROM (
    SELECT recorded_from AS moment FROM risk_point WHERE id = %(id)s::bigint
    UNION SELECT unnest(ARRAY[recorded_from, recorded_to]) FROM risk_point_history WHERE id = %(id)s::bigint
    UNION SELECT recorded_from FROM risk_event WHERE risk_point_id = %(id)s::bigint
    UNION SELECT unnest(ARRAY[recorded_from, recorded_to]) FROM risk_event_history WHERE risk_point_id = %(id)s::bigint
    UNION SELECT recorded_from FROM measure WHERE risk_point_id = %(id)s::bigint
    UNION SELECT unnest(ARRAY[recorded_from, recorded_to]) FROM measure_history WHERE risk_point_id = %(id)s::bigint
    UNION SELECT recorded_at FROM assessment WHERE risk_point_id = %(id)s::bigint
) AS known
WHERE %(before)s::timestamptz IS NULL OR moment < %(before)s::timestamptz
ORDER BY moment DESC LIMIT %(limit)s::integer
