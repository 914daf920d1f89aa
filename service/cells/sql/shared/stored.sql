-- The one filter where stored counts can answer it. The statement calls the table stat.
(
    stat.basis = %(basis)s::text
    -- Codes of one edition are never asked for together here: a point may have both.
    AND stat.slice = ANY (CASE WHEN %(by_industry)s::boolean
        THEN (SELECT industry_slices(%(codes)s::text[]))::text[]
        ELSE COALESCE(%(accidents)s::text[], '{""}') END)
    AND (%(area)s::ltree IS NULL
         OR CASE %(view)s::text WHEN 'managed' THEN stat.managed_by_path ELSE stat.located_in_path END <@ %(area)s::ltree)
    AND (%(managing)s::ltree IS NULL OR stat.managed_by_path <@ %(managing)s::ltree)
    AND (%(grades)s::int[] IS NULL OR stat.rank = ANY (%(grades)s::int[]))
)
