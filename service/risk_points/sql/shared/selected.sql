-- The one filter: which points a statement is about. The statement calls the table point and passes Selection.parameters().
-- What is not asked is NULL and folds away when the statement is planned (plan_cache_mode, service/base/database.py).
(
    (%(area)s::ltree IS NULL
     OR CASE %(view)s::text WHEN 'managed' THEN point.managed_by_path ELSE point.located_in_path END <@ %(area)s::ltree)
    AND (%(managing)s::ltree IS NULL OR point.managed_by_path <@ %(managing)s::ltree)
    AND (%(industries)s::text[] IS NULL OR point.industries && %(industries)s::text[])
    AND (%(accidents)s::text[] IS NULL OR point.accidents && %(accidents)s::text[])
    AND (%(control_levels)s::text[] IS NULL OR point.control_level = ANY (%(control_levels)s::text[]))
    AND (%(owner_kind)s::text IS NULL OR point.owner_kind = %(owner_kind)s::text)
    AND (%(positions)s::text[] IS NULL OR point.position = ANY (%(positions)s::text[]))
    AND (%(overdue)s::boolean IS NULL
         OR COALESCE(point.next_review < %(today)s::date, false) = %(overdue)s::boolean)
    AND (%(enterprise)s::bigint IS NULL OR point.enterprise_id = %(enterprise)s::bigint)
    AND (%(firms)s::bigint[] IS NULL OR point.enterprise_id = ANY (%(firms)s::bigint[]))
    AND (%(words)s::text[] IS NULL OR point.search LIKE ALL (%(words)s::text[]))
    AND (%(grades)s::int[] IS NULL OR /* include risk_points/rank */ = ANY (%(grades)s::int[]))
)
