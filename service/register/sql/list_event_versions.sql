-- The versions of a risk point's events that stood at or after a moment; recorded_to NULL: those that stand.
SELECT id, NULL::timestamptz AS recorded_to, NULL::text AS closed_by, recorded_from, changed_by, sort, name,
    accident_edition, accident_categories, consequence
FROM risk_event WHERE risk_point_id = %(id)s::bigint
UNION ALL
SELECT id, recorded_to, closed_by, recorded_from, changed_by, sort, name, accident_edition, accident_categories,
    consequence
FROM risk_event_history WHERE risk_point_id = %(id)s::bigint AND recorded_to >= %(oldest)s::timestamptz
ORDER BY sort, id
